// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/keyfeed.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace norikv::widgets {

/// Under an edit: what happens to the expiry, what the save compares with, which guard it meets. Where nobody
/// knows the expiry, a choice must be made first.
class SaveBar : public QWidget {
    Q_OBJECT

public:
    explicit SaveBar(models::KeyFeed& feed, QWidget* parent = nullptr);

    /// Offers what fits the key as it is now.
    void begin();
    models::TtlChoice choice() const;
    /// Says anew how long is left.
    void refresh();

Q_SIGNALS:
    void saveRequested();
    void cancelled();

private:
    bool chosen() const;

    models::KeyFeed& m_feed;
    QComboBox* m_ttl = nullptr;
    QSpinBox* m_seconds = nullptr;
    QLabel* m_summary = nullptr;
    QPushButton* m_save = nullptr;
};

/// Words for where the knowledge of an expiry comes from.
QString provenanceText(client::TtlProvenance provenance);

} // namespace norikv::widgets
