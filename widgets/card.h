// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QHBoxLayout;
class QLabel;
class QVBoxLayout;

namespace norikv::widgets {

class ElidedLabel;

/// A surface with a hairline border: title and subtitle on the left, a slot on the right, content below.
class Card : public QFrame {
    Q_OBJECT

public:
    explicit Card(const QString& title = {}, QWidget* parent = nullptr);

    void setTitle(const QString& title);
    void setSubtitle(const QString& subtitle);

    /// Takes ownership; placed at the right end of the title line, in the order of the calls.
    void addTrailing(QWidget* widget);
    /// Takes ownership; placed before the trailing widgets, e.g. a legend.
    void addLeading(QWidget* widget);

    /// Where the content goes. Margins are 16 px at the sides already; use
    /// contentLayout()->setContentsMargins to let a table run to the edges.
    QVBoxLayout* contentLayout() const { return m_content; }

private:
    QWidget* m_header;
    QLabel* m_title;
    ElidedLabel* m_subtitle;
    QHBoxLayout* m_leading;
    QHBoxLayout* m_trailing;
    QVBoxLayout* m_content;
};

} // namespace norikv::widgets
