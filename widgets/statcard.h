// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/tokens.h"

#include <QFrame>

class QLabel;

namespace norikv::widgets {

class Badge;
class ElidedLabel;
class TabularLabel;
class Theme;

/// One number that matters: caption, big value, unit, and a badge that wraps under the value when it is
/// narrow.
class StatCard : public QFrame {
    Q_OBJECT

public:
    /// theme must outlive the card.
    explicit StatCard(const Theme& theme, const QString& caption = {}, QWidget* parent = nullptr);

    void setCaption(const QString& caption);
    /// Already formatted, e.g. groupDigits(n). An empty value is shown as a dash: not known yet.
    void setValue(const QString& value, const QString& unit = {});
    void setBadge(Tone tone, const QString& text);
    void clearBadge();

    QString valueText() const;
    Badge* badge() const { return m_badge; }

protected:
    bool event(QEvent* event) override;

private:
    void alignBaselines();
    void updateAccessibleName();

    ElidedLabel* m_caption;
    TabularLabel* m_value;
    QLabel* m_unit;
    Badge* m_badge;
};

} // namespace norikv::widgets
