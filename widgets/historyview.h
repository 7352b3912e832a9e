// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/keyfeed.h"
#include "models/versiondiff.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QTableView;

namespace norikv::widgets {

class DiffView;
class Theme;

/// The versions of a key that were seen here, and what is different between one of them and now.
class HistoryView : public QWidget {
    Q_OBJECT

public:
    HistoryView(models::KeyFeed& feed, const Theme& theme, QWidget* parent = nullptr);

    /// The selected version, or the one before the newest.
    void compareWithNow();

private:
    void refresh();

    models::KeyFeed& m_feed;
    models::VersionDiff m_versions;
    QTableView* m_table = nullptr;
    QPushButton* m_compare = nullptr;
    QLabel* m_remark = nullptr;
    DiffView* m_diff = nullptr;
    client::Bytes m_shownKey;
};

} // namespace norikv::widgets
