// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/tenantmodel.h"
#include "widgets/tokens.h"

#include <QWidget>

class QPainter;

namespace norikv::widgets {

class Theme;

/// Ok below 80 % of the limit, Warning from there, Danger above 100 %; Muted without a limit.
Tone quotaTone(const models::QuotaFigures& quota);
/// How far a bar runs over the end of its track: 0 = it does not, 1 above 120 % of the limit, 2 from 200 %,
/// 3 from 300 %.
int quotaCuts(const models::QuotaFigures& quota);
/// "31 %", "85 % ▲", "104 % over"; says without colour what the bar says.
QString quotaWord(const models::QuotaFigures& quota);

/// The bar alone, for delegates: the track reaches 120 % of the limit, ticks stand at 80 % and 100 %, and
/// what is beyond 100 % is hatched. A bar that goes on behind the track's end is cut there by quotaCuts()
/// arrows. Without a limit a dashed track.
void paintQuotaBar(QPainter& painter, const QRectF& box, const models::QuotaFigures& quota, const Tokens& t);

/// A limit and how much of it is used: name and figures above, the bar below.
class QuotaBar : public QWidget {
    Q_OBJECT

public:
    /// theme must outlive the widget.
    QuotaBar(const Theme& theme, const QString& name, QWidget* parent = nullptr);

    void setQuota(const models::QuotaFigures& quota);
    const models::QuotaFigures& quota() const { return m_quota; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    QString m_name;
    models::QuotaFigures m_quota;
};

} // namespace norikv::widgets
