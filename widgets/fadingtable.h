// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>
#include <QTimer>

#include <functional>

namespace norikv::widgets {

/// A table whose rows fade while they end, so that they neither vanish under the eye nor jump before. Only
/// rows in sight cost anything, and only while one of them fades.
class FadingTable final : public QTableView {
    Q_OBJECT

public:
    explicit FadingTable(QWidget* parent = nullptr);

    /// How far the row has faded: 0 = not at all, 1 = gone. Asked for rows in sight.
    void setFade(std::function<double(int row)> fade) { m_fade = std::move(fade); }
    /// Looks whether a row in sight fades; call it as time goes on.
    void look();
    bool fading() const { return m_frames.isActive(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    template <class Use> void eachFading(const Use& use) const;

    std::function<double(int)> m_fade;
    QTimer m_frames;
};

} // namespace norikv::widgets
