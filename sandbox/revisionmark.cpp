// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/revisionmark.h"

#include "sandbox/atomicfile.h"

#include <fstream>

namespace norikv::sandbox {

Result<void> RevisionMark::check(std::uint64_t revision) const
{
    std::uint64_t marked = 0;
    std::ifstream file(m_path);
    if (!(file >> marked) || marked <= revision) {
        return {};
    }
    return tl::unexpected("The store in " + m_path.parent_path().string()
        + " is damaged: it ends at revision " + std::to_string(revision) + " and had reached "
        + std::to_string(marked) + "; restore a copy, choose another --data-dir, or delete " + m_path.string()
        + " to go on with what is left");
}

void RevisionMark::write(std::uint64_t revision) const
{
    static_cast<void>(writeAtomically(m_path, std::to_string(revision) + '\n'));
}

} // namespace norikv::sandbox
