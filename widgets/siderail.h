// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QHash>
#include <QStringList>

class QButtonGroup;
class QVBoxLayout;

namespace norikv::widgets {

class RailButton;
class Theme;

/// The left rail that names the panels. Up, Down, Home and End move; the first nine show their Ctrl+digit in
/// the tool tip (the window owns those shortcuts).
class SideRail : public QFrame {
    Q_OBJECT

public:
    /// theme must outlive the rail.
    explicit SideRail(const Theme& theme, QWidget* parent = nullptr);

    void addEntry(const QString& id, const QString& iconId, const QString& name);

    /// A disabled entry tells its reason in the tool tip, e.g. "Not built yet".
    void setUnavailable(const QString& id, const QString& reason);
    void setAvailable(const QString& id);

    /// Checks the entry without emitting activated(). Unknown or unavailable ids are ignored.
    void setCurrent(const QString& id);
    QString current() const;
    QStringList ids() const { return m_ids; }

    /// Icons only, for narrow windows.
    void setIconOnly(bool iconOnly);

Q_SIGNALS:
    /// The user chose an entry, by mouse or keyboard.
    void activated(const QString& id);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    RailButton* button(const QString& id) const { return m_buttons.value(id); }
    void step(int from, int direction);
    bool handleKey(int key);
    QString toolTipOf(const QString& id) const;

    const Theme& m_theme;
    QButtonGroup* m_group;
    QVBoxLayout* m_column;
    QStringList m_ids;
    QHash<QString, RailButton*> m_buttons;
};

} // namespace norikv::widgets
