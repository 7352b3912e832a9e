// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/keyfeed.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;
class QStackedWidget;
class QTabBar;
class QTimer;

namespace norikv::widgets {

class ElidedLabel;
class EmptyState;
class KeyValueList;
class NoticeBar;
class Theme;
class ValueView;

/// One key: what it is, where it lives, its value as text, JSON or hex; edit, save and delete. The save bar
/// always says what happens to the expiry.
class KeyInspector : public QWidget {
    Q_OBJECT

public:
    KeyInspector(models::KeyFeed& feed, const Clock& clock, const Theme& theme, QWidget* parent = nullptr);

    bool editing() const;

Q_SIGNALS:
    void openRequested();
    void copied(const QString& what);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    QWidget* makeHead();
    QWidget* makeSaveBar();
    void refresh();
    void refreshFacts();
    void showValue();
    void startEdit();
    void endEdit();
    void save();
    void remove();
    void tell(const models::KeyFeed::Saved& saved);
    QString expiryText() const;
    void fillTtlChoices();

    models::KeyFeed& m_feed;
    const Clock& m_clock;
    const Theme& m_theme;
    NoticeBar* m_notices = nullptr;
    QStackedWidget* m_stack = nullptr;
    EmptyState* m_empty = nullptr;
    ElidedLabel* m_name = nullptr;
    ElidedLabel* m_kind = nullptr;
    QPushButton* m_edit = nullptr;
    QPushButton* m_delete = nullptr;
    KeyValueList* m_facts = nullptr;
    QTabBar* m_modes = nullptr;
    QStackedWidget* m_values = nullptr;
    ValueView* m_view = nullptr;
    QPlainTextEdit* m_editor = nullptr;
    QLabel* m_remark = nullptr;
    QWidget* m_saveBar = nullptr;
    QComboBox* m_ttl = nullptr;
    QSpinBox* m_ttlSeconds = nullptr;
    QPushButton* m_save = nullptr;
    QTimer* m_countdown = nullptr;
    client::Bytes m_edited; ///< key the editor belongs to
    std::optional<client::Bytes> m_shownKey; ///< key and form of the value last shown
    models::ViewMode m_shownMode = models::ViewMode::Text;
    client::Bytes m_asked; ///< key that the notice is about
    std::function<void()> m_onNotice;
};

} // namespace norikv::widgets
