// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QVariantMap>
#include <QWidget>

namespace norikv::widgets {

/// What the frame asks of every page, and what every page asks of the frame.
class Page : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;

    virtual void focusFilter() { } ///< Ctrl+F
    virtual void toggleTable() { } ///< Ctrl+T: a chart as a table and back
    virtual void refreshNow() { } ///< F5
    /// Whether the guard refuses writes now: actions that would write say so.
    virtual void setReadOnly(bool /*readOnly*/) { }
    /// Where in the page one is, to find it again after a restart; plain values only.
    virtual QVariantMap place() const { return {}; }
    virtual void setPlace(const QVariantMap& /*place*/) { }
    /// The stored key that the page's own commands are about now; empty = none.
    virtual QByteArray currentKey() const { return {}; }
    /// The headline figures as shown, for --screenshot's line of JSON.
    virtual QVariantMap figures() const { return {}; }

Q_SIGNALS:
    /// Open this stored key in the inspector.
    void keyActivated(const QByteArray& key);
    /// Show the panel `id`, there what `key` belongs to.
    void panelRequested(const QString& id, const QByteArray& key);
    /// The person is to name a key: the field at the top takes the focus.
    void openByNameRequested();
    /// Make a key; with `source`, one that starts from it.
    void newKeyRequested(const QByteArray& source);
    /// Open the demo with this scenario (as `--demo=NAME`) on the page's panel: this server lacks what it needs.
    void scenarioRequested(const QString& name);
    /// What is shown shall move again, for all panels.
    void resumeRequested();
    /// One sentence for the status bar, gone after a few seconds.
    void said(const QString& text);
};

} // namespace norikv::widgets
