// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QLabel;

namespace norikv::models {
class Lens;
}
namespace norikv::widgets {
class Theme;
}

namespace norikv::app {

/// The coloured strip under the top bar while a lens is on: "Working as tenant acme", and the way out.
class LensStrip : public QFrame {
    Q_OBJECT

public:
    /// theme must outlive the strip.
    explicit LensStrip(const widgets::Theme& theme, QWidget* parent = nullptr);

    /// Shows this lens, or nothing for null. The lens must outlive the next call.
    void setLens(models::Lens* lens);

private:
    void refresh();

    const widgets::Theme& m_theme;
    models::Lens* m_lens = nullptr;
    QLabel* m_text;
};

} // namespace norikv::app
