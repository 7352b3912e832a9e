// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

namespace norikv::widgets {

class Theme;

/// A large button that says what it does: icon, title, sentence. One of a group may be the primary choice.
class ChoiceCard : public QAbstractButton {
    Q_OBJECT

public:
    /// theme must outlive the card.
    ChoiceCard(const Theme& theme, const QString& iconId, const QString& title, const QString& sentence,
        QWidget* parent = nullptr);

    void setPrimary(bool primary);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    const Theme& m_theme;
    QString m_iconId;
    QString m_sentence;
    bool m_primary = false;
};

} // namespace norikv::widgets
