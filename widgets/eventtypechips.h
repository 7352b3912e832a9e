// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/eventbook.h"

#include <QWidget>

#include <map>
#include <set>
#include <string>

class QPushButton;

namespace norikv::widgets {

class FlowLayout;
class Theme;

/// A chip for each type of event with its glyph and count; several may be chosen, none = all.
class EventTypeChips : public QWidget {
    Q_OBJECT

public:
    static constexpr std::size_t Most = 16; ///< chips; the rest is found by the filter of a data browser

    /// theme must outlive the chips.
    explicit EventTypeChips(const Theme& theme, QWidget* parent = nullptr);

    void setTypes(const std::vector<models::EventTypeCount>& types);
    const std::set<std::string>& chosen() const { return m_chosen; }

Q_SIGNALS:
    void changed();

private:
    void paintGlyphs();

    const Theme& m_theme;
    FlowLayout* m_flow = nullptr;
    std::map<int, QPushButton*> m_chips; ///< by index of the type
    std::set<std::string> m_chosen;
};

} // namespace norikv::widgets
