// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/addressfields.h"

#include "widgets/elidedlabel.h"
#include "widgets/fieldhint.h"
#include "widgets/plaintext.h"
#include "widgets/theme.h"

#include "client/target.h"

#include <QGridLayout>
#include <QLineEdit>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace norikv::widgets {

namespace {

void setInvalid(QLineEdit& edit, bool invalid)
{
    if (edit.property("invalid").toBool() == invalid)
        return;
    edit.setProperty("invalid", invalid);
    setStyleRole(&edit, "field"); // restyles
}

/// "host:8080" for "host:7447".
QString likelyHttp(const std::string& seed)
{
    return QString::fromStdString(seed.substr(0, seed.rfind(':'))) + u":8080"_s;
}

QString addressProblem(const QString& text)
{
    const auto parsed = client::parseSeeds(text.trimmed().toStdString());
    return parsed ? QString() : QString::fromStdString(parsed.error().message) + u'.';
}

} // namespace

AddressFields::AddressFields(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_edit(new QLineEdit)
    , m_hint(new FieldHint(
          theme, tr("host:port, several with commas, or norikv://host:port. The port is 7447 unless given.")))
    , m_httpBox(new QWidget)
    , m_httpGrid(new QGridLayout)
    , m_httpHint(new FieldHint(theme, tr("For health and metrics, usually port 8080. May stay empty.")))
{
    m_edit->setObjectName(u"addresses"_s);
    m_edit->setAccessibleName(tr("Addresses"));
    m_edit->setPlaceholderText(u"127.0.0.1:7447, 127.0.0.1:7448"_s);
    m_edit->setFont(Theme::monoFont());
    auto* label = makeLabel(tr("&Addresses"));
    label->setBuddy(m_edit);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(label);
    column->addWidget(m_edit);
    column->addWidget(m_hint);
    auto* http = new QVBoxLayout(m_httpBox);
    http->setContentsMargins(0, 8, 0, 0);
    http->setSpacing(4);
    http->addWidget(makeLabel(tr("HTTP address of each node")));
    m_httpGrid->setContentsMargins(0, 0, 0, 0);
    m_httpGrid->setHorizontalSpacing(12);
    m_httpGrid->setVerticalSpacing(6);
    m_httpGrid->setColumnStretch(0, 1);
    m_httpGrid->setColumnStretch(1, 1);
    http->addLayout(m_httpGrid);
    http->addWidget(m_httpHint);
    column->addWidget(m_httpBox);
    connect(m_edit, &QLineEdit::textChanged, this, [this] {
        parse();
        Q_EMIT edited();
    });
    parse();
}

void AddressFields::setAddresses(const std::vector<std::string>& seeds, const std::vector<std::string>& http)
{
    QStringList shown;
    m_http.clear();
    for (std::size_t i = 0; i < seeds.size(); ++i) {
        shown << QString::fromStdString(seeds[i]);
        if (i < http.size() && !http[i].empty())
            m_http.insert(shown.back(), QString::fromStdString(http[i]));
    }
    const QSignalBlocker quiet(m_edit);
    m_edit->setText(shown.join(u", "_s));
    m_edit->setCursorPosition(0);
    m_seeds.clear(); // so that the rows below are made anew
    parse();
}

void AddressFields::parse()
{
    QStringList pieces = m_edit->text().split(u',');
    for (QString& piece : pieces)
        piece = piece.trimmed();
    const QString joined = pieces.join(u',');
    const auto before = m_seeds;
    if (joined.isEmpty()) {
        m_seeds.clear();
        m_addressProblem = tr("Write at least one address.");
    } else if (const auto parsed = client::parseSeeds(joined.toStdString())) {
        m_seeds = *parsed;
        m_addressProblem.clear();
    } else {
        m_seeds.clear();
        for (const QString& piece : pieces)
            m_seeds.push_back(piece.toStdString());
        m_addressProblem = QString::fromStdString(parsed.error().message) + u'.';
    }
    if (m_seeds != before || m_seeds.empty())
        showHttpRows();
    checkHttp();
}

void AddressFields::showHttpRows()
{
    const bool valid = m_addressProblem.isEmpty();
    m_httpBox->setVisible(valid);
    if (!valid)
        return;
    while (QLayoutItem* item = m_httpGrid->takeAt(0)) {
        if (QWidget* old = item->widget()) {
            old->hide();
            old->deleteLater();
        }
        delete item;
    }
    m_httpEdits.clear();
    for (const std::string& seed : m_seeds) {
        const QString name = QString::fromStdString(seed);
        const int row = int(m_httpEdits.size());
        auto* label = new ElidedLabel(name, Qt::ElideMiddle);
        label->setFont(Theme::monoFont());
        label->setProperty("role", u"muted"_s);
        auto* edit = new QLineEdit(m_http.value(name));
        edit->setObjectName(u"http%1"_s.arg(row));
        edit->setFont(Theme::monoFont());
        edit->setPlaceholderText(likelyHttp(seed));
        edit->setAccessibleName(tr("HTTP address of %1").arg(name));
        connect(edit, &QLineEdit::textChanged, this, [this, name](const QString& text) {
            m_http[name] = text.trimmed();
            checkHttp();
            Q_EMIT edited();
        });
        m_httpGrid->addWidget(label, row, 0);
        m_httpGrid->addWidget(edit, row, 1);
        m_httpEdits.push_back(edit);
    }
}

void AddressFields::checkHttp()
{
    m_problem = m_addressProblem;
    QString httpProblem;
    for (QLineEdit* edit : m_httpEdits) {
        const QString problem = edit->text().trimmed().isEmpty() ? QString() : addressProblem(edit->text());
        setInvalid(*edit, !problem.isEmpty());
        if (httpProblem.isEmpty())
            httpProblem = problem;
    }
    if (m_problem.isEmpty())
        m_problem = httpProblem;
    m_httpHint->setProblem(httpProblem);
    // An empty line is no mistake yet.
    const bool wrong = !m_addressProblem.isEmpty() && !m_edit->text().trimmed().isEmpty();
    setInvalid(*m_edit, wrong);
    m_hint->setProblem(wrong ? m_addressProblem : QString());
}

std::vector<std::string> AddressFields::httpAddresses() const
{
    std::vector<std::string> out;
    for (const std::string& seed : m_seeds) {
        const QString text = m_http.value(QString::fromStdString(seed));
        const auto parsed = client::parseSeeds(text.toStdString());
        out.push_back(text.isEmpty() || !parsed ? text.toStdString() : parsed->front());
    }
    return out;
}

} // namespace norikv::widgets
