// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/patterns/tenant.h"

#include <QFrame>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace norikv::widgets {

class FieldHint;
class Theme;

/// A strip on the tenants page: create a tenant, or follow one that the server cannot list. Bad ids are
/// refused while typing, with the reason.
class TenantForm : public QFrame {
    Q_OBJECT

public:
    enum class Mode { Create, Follow };

    /// theme must outlive the form.
    explicit TenantForm(const Theme& theme, QWidget* parent = nullptr);

    void start(Mode mode);

Q_SIGNALS:
    void createChosen(const norikv::client::Bytes& id, const QString& name, norikv::client::TenantPlan plan);
    void followChosen(const norikv::client::Bytes& id, bool java);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void check();
    void apply();

    Mode m_mode = Mode::Create;
    QLabel* m_title;
    QLineEdit* m_id;
    QLineEdit* m_name;
    QComboBox* m_plan;
    QCheckBox* m_java;
    FieldHint* m_hint;
    QPushButton* m_apply;
};

/// The plans in the order of their size; currentData() is int(TenantPlan).
QComboBox* makePlanBox();

} // namespace norikv::widgets
