// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/embeddedfiles.h"

// By the assembler: as a C++ array or a Qt resource the same megabytes would cost the compiler a minute.
// CMakeLists.txt names the folder, and the files as what this one depends on.
#define NORIKV_EMBED(symbol, file)                                                                           \
    asm(".pushsection .rodata\n"                                                                             \
        ".balign 16\n"                                                                                       \
        ".globl " #symbol "\n" #symbol ":\n"                                                                 \
        ".incbin \"" NORIKV_RESOURCES "/" file "\"\n"                                                        \
        ".globl " #symbol "End\n" #symbol "End:\n"                                                           \
        ".byte 0\n"                                                                                          \
        ".popsection\n");                                                                                    \
    extern "C" const char symbol[];                                                                          \
    extern "C" const char symbol##End[];

NORIKV_EMBED(norikvTokenVectors, "embedder/english.nvt")
NORIKV_EMBED(norikvDemoTexts, "demo/texts.ndjson")

namespace norikv::client {

std::string_view embeddedTokenVectors() { return {norikvTokenVectors, norikvTokenVectorsEnd}; }

std::string_view embeddedDemoTexts() { return {norikvDemoTexts, norikvDemoTextsEnd}; }

} // namespace norikv::client
