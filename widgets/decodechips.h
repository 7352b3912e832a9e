// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/valuepresenter.h"

#include <QWidget>

class QToolButton;

namespace norikv::widgets {

class FlowLayout;
class Theme;

/// What was done to a value before it is shown: one chip for each layer taken off, the form at the end. A
/// chip leaves with a click, the plus adds a layer.
class DecodeChips : public QWidget {
    Q_OBJECT

public:
    DecodeChips(models::ValuePresenter& presenter, const Theme& theme, QWidget* parent = nullptr);

    /// Nothing can be changed while an edit is under way: the layers are part of it.
    void setFrozen(bool frozen);

private:
    void refresh();
    QToolButton* chip(const client::WrapStep& step, std::size_t index);
    void remove(std::size_t index);
    void add(client::Wrapping wrapping);

    models::ValuePresenter& m_presenter;
    const Theme& m_theme;
    FlowLayout* m_flow = nullptr;
    std::vector<QToolButton*> m_chips;
    QToolButton* m_add = nullptr;
    QToolButton* m_form = nullptr;
    std::vector<client::WrapStep> m_shown;
    bool m_frozen = false;
};

} // namespace norikv::widgets
