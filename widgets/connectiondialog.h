// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/probe.h"
#include "client/profile.h"
#include "models/profilesmodel.h"

#include <QDialog>

#include <map>
#include <string>
#include <vector>

class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;
class QTreeView;

namespace norikv::widgets {

class ChecklistView;
class ConnectionForm;
class EmptyState;
class InlineConfirm;
class NoticeBar;
class Theme;

/// The saved connections: find, edit, test, connect. It knows no network and no files; what it wants done it
/// says in signals, and what came of it is told in slots. Changes stay here, marked, until they are saved.
class ConnectionDialog : public QDialog {
    Q_OBJECT

public:
    /// theme must outlive the dialog.
    explicit ConnectionDialog(const Theme& theme, QWidget* parent = nullptr);

    /// What is saved. Unsaved changes made here are dropped.
    void setProfiles(std::vector<client::Profile> profiles);
    const std::vector<client::Profile>& savedProfiles() const { return m_saved; }
    void selectProfile(const std::string& id);
    /// A fresh connection, taken from the clipboard where an address lies there.
    void newProfile();

    const models::ProfilesModel& model() const { return *m_model; }
    bool isTesting() const { return m_testing; }

public Q_SLOTS:
    void showCheck(const norikv::client::Check& check);
    void showProbe(const norikv::client::ProbeReport& report);
    void reject() override;

Q_SIGNALS:
    void testRequested(const norikv::client::Profile& profile);
    void cancelTest();
    /// Saved before, so profilesChanged comes first.
    void connectRequested(const norikv::client::Profile& profile);
    void profilesChanged(const std::vector<norikv::client::Profile>& profiles);

private:
    QWidget* listPanel();
    QWidget* checkPanel();
    QWidget* footer();
    void select(const QModelIndex& index);
    void edit(const std::string& id);
    void takeEdits();
    void updateButtons();
    void duplicate();
    void askDelete();
    void deleteCurrent();
    bool saveCurrent();
    void connectCurrent();
    void test();
    void stopTest();
    void showReport(const client::ProbeReport& report);
    void markEdited();
    const client::Profile* saved(const std::string& id) const;
    bool isEdited(const std::string& id) const;
    void add(client::Profile profile);

    const Theme& m_theme;
    models::ProfilesModel* m_model; ///< what is shown: saved ones with their unsaved changes, and new ones
    std::vector<client::Profile> m_saved;
    std::string m_current;
    std::map<std::string, client::ProbeReport> m_reports; ///< last test of each, until it is changed
    bool m_testing = false;
    bool m_updating = false;

    QLineEdit* m_filter;
    QTreeView* m_tree;
    QPushButton* m_duplicate;
    QPushButton* m_delete;
    InlineConfirm* m_confirmDelete;
    QStackedWidget* m_middle;
    EmptyState* m_empty;
    ConnectionForm* m_form;
    ChecklistView* m_checklist;
    QPushButton* m_test;
    NoticeBar* m_verdict;
    InlineConfirm* m_confirmClose;
    QWidget* m_actions; ///< the buttons, hidden while m_confirmClose asks
    QLabel* m_why;
    QPushButton* m_save;
    QPushButton* m_connect;
};

} // namespace norikv::widgets
