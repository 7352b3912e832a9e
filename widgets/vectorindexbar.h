// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/vectorfeed.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;

namespace norikv::widgets {

class ElidedLabel;
class DropIndexForm;
class IndexTextForm;
class NewIndexForm;
class ProgressStrip;
class Theme;
class VectorOrphans;

/// Which index the panel is about, what it is like, and what can be done to it.
class VectorIndexBar : public QWidget {
    Q_OBJECT

public:
    /// feed and theme must outlive the widget.
    VectorIndexBar(models::VectorFeed& feed, const Theme& theme, QWidget* parent = nullptr);

    void setReadOnly(bool readOnly);
    void newIndex();
    void importFile(); ///< asks for a file

Q_SIGNALS:
    void indexChosen(const std::string& name); ///< by a person
    void importRequested(const QString& path);
    void storedRequested(const std::string& id); ///< show what is, or would be, stored beside this vector

private:
    QWidget* makeLine(const Theme& theme);
    void openForm(QWidget* form);
    void refresh();
    void refreshProgress();
    void refreshOrphans();

    models::VectorFeed& m_feed;
    QComboBox* m_index = nullptr;
    ElidedLabel* m_facts = nullptr;
    QPushButton* m_new = nullptr;
    QPushButton* m_text = nullptr;
    QPushButton* m_import = nullptr;
    QPushButton* m_more = nullptr;
    QAction* m_systems = nullptr;
    QAction* m_resume = nullptr;
    QAction* m_drop = nullptr;
    QPushButton* m_orphansButton = nullptr;
    NewIndexForm* m_newForm = nullptr;
    IndexTextForm* m_textForm = nullptr;
    DropIndexForm* m_dropForm = nullptr;
    VectorOrphans* m_orphans = nullptr;
    ProgressStrip* m_load = nullptr;
    ProgressStrip* m_importing = nullptr;
    QLabel* m_mismatch = nullptr;
    std::string m_made; ///< by a person, and not listed yet
    bool m_readOnly = false;
};

} // namespace norikv::widgets
