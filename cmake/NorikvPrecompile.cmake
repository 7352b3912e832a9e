# Headers that most files of a target include anyway are read once for all of them. Measured on one file with and without:
# a page 6.5 -> 2.8 s, a test 9.0 -> 6.4 s. Every file still includes what it uses: NORIKV_PRECOMPILE=OFF builds without.
option(NORIKV_PRECOMPILE "Precompile headers that many files include" ON)

set(NORIKV_HEADERS_std <algorithm> <chrono> <functional> <map> <memory> <mutex> <optional> <span> <stop_token> <string>
    <string_view> <vector> <tl/expected.hpp>)
set(NORIKV_HEADERS_core ${NORIKV_HEADERS_std} <QAbstractTableModel> <QObject> <QPointer> <QString> <QStringList> <QTimer>)
set(NORIKV_HEADERS_widgets ${NORIKV_HEADERS_core} <QAbstractItemView> <QBoxLayout> <QLabel> <QPainter> <QPushButton>
    <QStyledItemDelegate> <QVBoxLayout> <QWidget>)
set(NORIKV_HEADERS_plots <qcustomplot.h>)
set(NORIKV_HEADERS_server <grpcpp/grpcpp.h>)
set(NORIKV_HEADERS_tests <gmock/gmock.h> <gtest/gtest.h>)

# norikv_precompile(TARGET SET...): sets are std, core, widgets, plots, server, tests.
function(norikv_precompile target)
    if(NOT NORIKV_PRECOMPILE)
        return()
    endif()
    foreach(set ${ARGN})
        list(APPEND headers ${NORIKV_HEADERS_${set}})
    endforeach()
    list(REMOVE_DUPLICATES headers)
    target_precompile_headers(${target} PRIVATE ${headers})
endfunction()
