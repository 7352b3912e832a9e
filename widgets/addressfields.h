// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QWidget>

#include <string>
#include <vector>

class QGridLayout;
class QLineEdit;

namespace norikv::widgets {

class FieldHint;
class Theme;

/// Where a deployment is: its addresses in one line, checked while typing, and the HTTP side port of each.
class AddressFields : public QWidget {
    Q_OBJECT

public:
    /// theme must outlive the fields.
    explicit AddressFields(const Theme& theme, QWidget* parent = nullptr);

    void setAddresses(const std::vector<std::string>& seeds, const std::vector<std::string>& http);
    /// Parsed; what cannot be parsed is returned as it was typed, so that no text is lost.
    std::vector<std::string> seeds() const { return m_seeds; }
    std::vector<std::string> httpAddresses() const;

    bool isValid() const { return m_problem.isEmpty(); }
    QString problem() const { return m_problem; }
    QLineEdit* edit() const { return m_edit; }

Q_SIGNALS:
    void edited();

private:
    void parse();
    void showHttpRows();
    void checkHttp();

    QLineEdit* m_edit;
    FieldHint* m_hint;
    QWidget* m_httpBox;
    QGridLayout* m_httpGrid;
    FieldHint* m_httpHint;
    std::vector<QLineEdit*> m_httpEdits; // children, one per seed
    QHash<QString, QString> m_http; ///< per seed, kept while the address line changes
    std::vector<std::string> m_seeds;
    QString m_addressProblem;
    QString m_problem;
};

} // namespace norikv::widgets
