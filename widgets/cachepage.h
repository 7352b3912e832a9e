// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/cachefeed.h"
#include "widgets/patternpage.h"

#include <QSortFilterProxyModel>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QTableView;

namespace norikv::widgets {

class HitStrip;
class TtlCurve;

/// The document's cache at work: what it answers, what it holds, how old and how true that is
/// (panels.md 2.8).
class CachePage final : public PatternPage {
    Q_OBJECT

public:
    /// feed and theme must outlive the page.
    CachePage(models::CacheFeed& feed, const Theme& theme, QWidget* parent = nullptr);

    void focusFilter() override;
    QVariantMap figures() const override;
    void setReadOnly(bool readOnly) override;

protected:
    bool nothing() const override { return m_feed.stats().size == 0 && m_feed.stats().misses == 0; }
    void sayNothing(EmptyState& empty) override;
    void refreshContent() override;
    QString countText() const override;
    QString freshnessText() const override;

private:
    QWidget* makeBar();
    QWidget* makeCharts();
    QWidget* makeEntries();
    QWidget* makeStampede();
    void applyOptions();
    void say(const client::demo::StampedeResult& result);
    client::Bytes current() const;
    std::optional<client::Bytes> typedKey() const;

    models::CacheFeed& m_feed;
    QSortFilterProxyModel m_sorted;
    QLineEdit* m_key = nullptr;
    QLineEdit* m_value = nullptr;
    QPushButton* m_put = nullptr;
    QPushButton* m_delete = nullptr;
    QComboBox* m_ttl = nullptr;
    QSpinBox* m_size = nullptr;
    QCheckBox* m_single = nullptr;
    HitStrip* m_strip = nullptr;
    TtlCurve* m_curve = nullptr;
    QTableView* m_table = nullptr;
    QPushButton* m_invalidate = nullptr;
    QSpinBox* m_readers = nullptr;
    QPushButton* m_stampede = nullptr;
    QLabel* m_verdict = nullptr;
    bool m_syncing = false;
};

} // namespace norikv::widgets
