// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/patternfeed.h"
#include "widgets/page.h"

#include <QPointer>

#include <functional>

class QStackedWidget;
class QVBoxLayout;

namespace norikv::widgets {

class EmptyState;
class NoticeBar;
class SectionHeader;
class Theme;

/// The frame of a pattern's page: header with what is known and how, notices, and either the records or a
/// state that says why there are none and what to do. A concrete page gives the content and its words.
class PatternPage : public Page {
    Q_OBJECT

public:
    NoticeBar& notices() { return *m_notices; }
    void setReadOnly(bool readOnly) override;
    void refreshNow() override { m_feed.refresh(); }

Q_SIGNALS:
    /// For the inspector beside the page.
    void readOnlyChanged(bool readOnly);

protected:
    struct Words {
        QString objectName;
        QString title; ///< "Sessions"
        QString icon;
        QString looking; ///< "Looking for sessions …"
        QString failed; ///< "The sessions could not be read"
        QString action; ///< of the failure, as an infinitive clause: "read the sessions"
    };
    /// feed and theme must outlive the page.
    PatternPage(models::PatternFeed& feed, const Theme& theme, Words words, QWidget* parent);

    SectionHeader& header() { return *m_header; }
    /// Between the header and the records: forms, sums. Always shown.
    QVBoxLayout& top() { return *m_top; }
    /// What is shown while there are records; once, in the constructor. Ends it by calling refreshAll().
    void setContent(QWidget* content);
    void refreshAll();
    /// Where a button writes: greyed with the reason while the connection is read-only.
    void writes(QWidget* button);
    bool readOnly() const { return m_readOnly; }

    /// Is there nothing to show?
    virtual bool nothing() const = 0;
    /// Fills the state shown while there is nothing and all went well; offers the next action.
    virtual void sayNothing(EmptyState& empty) = 0;
    /// The records moved and the page is visible.
    virtual void refreshContent() = 0;
    /// "312 sessions": what the header's remark begins with.
    virtual QString countText() const = 0;
    /// How it is kept up to date: what the header's remark ends with.
    virtual QString freshnessText() const;

    void showEvent(QShowEvent* event) override;
    void tell(const models::Outcome& outcome);

    const Theme& m_theme;

private:
    void refreshState();
    void refresh();
    void fillEmpty();

    models::PatternFeed& m_feed;
    const Words m_words;
    SectionHeader* m_header = nullptr;
    NoticeBar* m_notices = nullptr;
    QVBoxLayout* m_top = nullptr;
    QStackedWidget* m_stack = nullptr;
    EmptyState* m_empty = nullptr;
    struct Writer {
        QPointer<QWidget> button;
        QString tip; ///< its own, while it can be used
    };
    QList<Writer> m_writers;
    bool m_readOnly = false;
    bool m_away = false; ///< the server was lost while records were shown
    std::function<void()> m_onNotice; ///< what the notice's button does
};

} // namespace norikv::widgets
