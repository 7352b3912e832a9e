// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/profile.h"

#include <QWidget>

class QButtonGroup;
class QCheckBox;
class QComboBox;
class QGridLayout;
class QLineEdit;
class QSpinBox;
class QTabWidget;

namespace norikv::widgets {

class AddressFields;
class ColourSwatches;
class DeclaredTimes;
class FieldHint;
class PairTable;
class PathField;
class Theme;

/// Every field of one profile, checked while typing. It keeps what was typed even when it is wrong.
class ConnectionForm : public QWidget {
    Q_OBJECT

public:
    /// theme must outlive the form.
    explicit ConnectionForm(const Theme& theme, QWidget* parent = nullptr);

    /// A new profile's guard follows its address until the user chooses one; a saved one only ever becomes
    /// stricter by itself.
    void setProfile(const client::Profile& profile, bool isNew);
    client::Profile profile() const;
    void setFolder(const QString& folder);
    void setFolders(const QStringList& folders);

    QString problem() const; ///< why it cannot be saved; empty when it can
    QString consentMissing() const; ///< why it can be saved, but not be connected
    void focusName();
    QTabWidget* tabs() const { return m_tabs; }

Q_SIGNALS:
    void edited();

private:
    QWidget* connectionTab();
    QWidget* guardBox();
    QWidget* plainTextBox();
    QWidget* limitsTab();
    QWidget* mapTab();
    QWidget* countersTab();
    QWidget* tlsTab();
    void change();
    void check();
    void markTab(int tab, bool wrong);
    void followAddress();
    void followEnvironment(const QString& environment);
    client::TlsSettings tls() const;
    bool needsConsent() const;

    const Theme& m_theme;
    client::Profile m_profile; ///< as it was set; what no field shows stays
    bool m_isNew = false;
    bool m_guardFollows = false;
    bool m_loading = false;
    QString m_environmentBefore;
    bool m_timesWrong = false;

    QTabWidget* m_tabs;
    DeclaredTimes* m_declared = nullptr;
    QLineEdit* m_name;
    QComboBox* m_folder;
    QComboBox* m_environment;
    ColourSwatches* m_colour;
    AddressFields* m_addresses;
    QButtonGroup* m_guard;
    FieldHint* m_guardHint;
    QWidget* m_plainText = nullptr;
    QCheckBox* m_plainTextAccepted;
    QSpinBox* m_shards;
    QSpinBox* m_timeout;
    QSpinBox* m_messageSize;
    PairTable* m_map;
    FieldHint* m_mapHint;
    PairTable* m_counters;
    FieldHint* m_countersHint;
    PathField* m_caFile;
    PathField* m_certFile;
    PathField* m_keyFile;
    QLineEdit* m_serverName;
    PathField* m_tokenFile;
    FieldHint* m_tlsHint;
};

} // namespace norikv::widgets
