// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/stockfeed.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QPushButton;
class QSpinBox;

namespace norikv::plots {
class Sparkline;
}

namespace norikv::widgets {

class ElidedLabel;
class KeyValueList;
class Theme;

/// One SKU: its figures, what is wrong with them, how its leak grew; and what can be done: reserve, deliver,
/// give leaked units back.
class StockInspector : public QWidget {
    Q_OBJECT

public:
    /// feed and theme must outlive the widget.
    StockInspector(models::StockFeed& feed, const Theme& theme, QWidget* parent = nullptr);

Q_SIGNALS:
    void keyActivated(const QByteArray& key);

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeActions();
    void refresh();
    void refreshLeak(const models::StockRow& row);

    models::StockFeed& m_feed;
    const Theme& m_theme;
    ElidedLabel* m_name = nullptr;
    QLabel* m_trouble = nullptr;
    QWidget* m_body = nullptr;
    KeyValueList* m_facts = nullptr;
    QWidget* m_leakBox = nullptr;
    plots::Sparkline* m_leak = nullptr;
    QLabel* m_leakText = nullptr;
    QSpinBox* m_units = nullptr;
    QPushButton* m_reserve = nullptr;
    QLabel* m_attempts = nullptr; ///< of the last action, a line each
    QSpinBox* m_delivered = nullptr;
    QPushButton* m_reconcile = nullptr;
    client::Bytes m_sku;
    QTimer m_tick;
};

} // namespace norikv::widgets
