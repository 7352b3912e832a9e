// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/eventfeed.h"

#include <QWidget>

#include <map>
#include <optional>
#include <string>

class QDoubleSpinBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace norikv::widgets {

class AppendForm;
class ElidedLabel;
class KeyValueList;
class SectionHeader;
class Theme;

/// The opened stream and one event of it: facts, data, what is wrong; appending, and taking events out as
/// text.
class EventInspector : public QWidget {
    Q_OBJECT

public:
    /// feed and theme must outlive the widget.
    EventInspector(models::EventFeed& feed, const Theme& theme, QWidget* parent = nullptr);

    /// What is exported; 0 and 0 = the whole stream.
    void setRange(quint64 first, quint64 last);

Q_SIGNALS:
    void keyActivated(const QByteArray& key);
    /// One sentence for the status bar.
    void said(const QString& text);

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeEvent();
    QWidget* makeBank();
    void keep(const client::Finding& finding);
    void refresh();
    void refreshStream();
    void refreshEvent();
    QString trouble() const;
    void exportAs(models::EventFormat format, bool toFile);

    models::EventFeed& m_feed;
    /// What the rules said about any stream and when last; a finding that stands is told again and again.
    struct Told {
        client::Finding finding;
        EpochMs atMs = 0;
    };
    std::map<std::pair<client::Bytes, std::string>, Told> m_told; ///< by evidence and rule
    ElidedLabel* m_name = nullptr;
    QLabel* m_layout = nullptr;
    QLabel* m_trouble = nullptr;
    KeyValueList* m_streamFacts = nullptr;
    QWidget* m_eventBox = nullptr;
    SectionHeader* m_eventTitle = nullptr;
    KeyValueList* m_eventFacts = nullptr;
    ElidedLabel* m_id = nullptr;
    QLabel* m_complaints = nullptr;
    QPlainTextEdit* m_data = nullptr;
    QWidget* m_bank = nullptr;
    QDoubleSpinBox* m_amount = nullptr;
    SectionHeader* m_appendTitle = nullptr;
    AppendForm* m_append = nullptr;
    QPushButton* m_export = nullptr;
    client::EventPtr m_shown;
    quint64 m_first = 0; ///< of the range to export
    quint64 m_last = 0;
};

} // namespace norikv::widgets
