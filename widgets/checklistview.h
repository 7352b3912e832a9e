// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/probe.h"

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

#include <vector>

class QVBoxLayout;

namespace norikv::widgets {

class Theme;

/// What a server offers, line by line, filling in while it is asked. Lines still to come say so; the one that
/// is being asked shows the time so far.
class ChecklistView : public QWidget {
    Q_OBJECT

public:
    /// theme must outlive the view.
    explicit ChecklistView(const Theme& theme, QWidget* parent = nullptr);

    void clear(); ///< before anything was asked
    void start(); ///< everything waits, the first line is being asked
    void showCheck(const client::Check& check);
    void finish(); ///< nothing more comes; lines still waiting were not asked

    bool isRunning() const { return m_running; }
    int rowCount() const { return int(m_rows.size()); }
    QString stateText(const QString& id) const; ///< the word of the line; empty for an unknown id
    QString detailText(const QString& id) const;

private:
    class Row;

    Row* find(const QString& id) const;
    Row* add(const QString& id, const QString& name, const QString& about);
    void askNext();
    void tick();

    const Theme& m_theme;
    QVBoxLayout* m_column;
    std::vector<Row*> m_rows; // children
    Row* m_asked = nullptr;
    bool m_running = false;
    QElapsedTimer m_since;
    QTimer m_tick;
};

} // namespace norikv::widgets
