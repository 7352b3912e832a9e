// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;

namespace norikv::widgets {

class Theme;

/// The line under a field: what to write there, or what is wrong with it.
class FieldHint : public QWidget {
    Q_OBJECT

public:
    /// theme must outlive the hint.
    explicit FieldHint(const Theme& theme, const QString& hint = {}, QWidget* parent = nullptr);

    void setHint(const QString& hint);
    /// An empty problem shows the hint again.
    void setProblem(const QString& problem);
    QString text() const;
    QString problem() const { return m_problem; }

private:
    void restyle();

    const Theme& m_theme;
    QString m_hint;
    QString m_problem;
    QLabel* m_icon;
    QLabel* m_text;
};

} // namespace norikv::widgets
