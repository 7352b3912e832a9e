// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/appendform.h"

#include "models/statetree.h"
#include "models/text.h"
#include "widgets/fieldhint.h"
#include "widgets/plaintext.h"
#include "widgets/theme.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace norikv::widgets {

using client::JsonKind;

namespace {
constexpr std::uint32_t MostFields = 10; // more are typed as JSON
constexpr int JsonLines = 4;
} // namespace

AppendForm::AppendForm(const Theme& theme, QWidget* parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("appendForm"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    m_type = new QComboBox;
    m_type->setObjectName(QStringLiteral("appendType"));
    m_type->setAccessibleName(tr("Type of the event"));
    m_type->setEditable(true);
    m_type->setInsertPolicy(QComboBox::NoInsert);
    m_type->lineEdit()->setPlaceholderText(tr("Type, e.g. MoneyDeposited"));
    column->addWidget(m_type);
    m_about = makeLabel(QString(), "caption");
    m_about->setWordWrap(true);
    column->addWidget(m_about);
    m_form = new QFormLayout;
    m_form->setContentsMargins(0, 0, 0, 0);
    m_form->setVerticalSpacing(4);
    column->addLayout(m_form);
    m_json = new QPlainTextEdit(QStringLiteral("{}"));
    m_json->setObjectName(QStringLiteral("appendJson"));
    m_json->setAccessibleName(tr("Data of the event as JSON"));
    m_json->setFont(Theme::monoFont());
    m_json->setTabChangesFocus(true);
    m_json->setFixedHeight(QFontMetrics(m_json->font()).lineSpacing() * JsonLines + 16);
    column->addWidget(m_json);
    m_hint = new FieldHint(theme);
    m_hint->setObjectName(QStringLiteral("appendHint"));
    column->addWidget(m_hint);
    m_append = new QPushButton(tr("Append"));
    m_append->setObjectName(QStringLiteral("append"));
    setStyleRole(m_append, "primary");
    column->addWidget(m_append, 0, Qt::AlignLeft);
    connect(m_type, &QComboBox::currentTextChanged, this, &AppendForm::showFields);
    connect(m_append, &QPushButton::clicked, this, &AppendForm::append);
}

void AppendForm::setTypes(const std::vector<models::EventTypeCount>& types)
{
    const bool other = !std::ranges::equal(
        types, m_types, {}, &models::EventTypeCount::name, &models::EventTypeCount::name);
    m_types = types;
    if (!other)
        return;
    const QString typed = m_type->currentText();
    const QSignalBlocker quiet(m_type);
    m_type->clear();
    for (const auto& type : m_types) {
        if (!type.name.empty())
            m_type->addItem(QString::fromStdString(type.name));
    }
    m_type->setCurrentText(typed.isEmpty() && m_type->count() > 0 ? m_type->itemText(0) : typed);
    showFields();
}

void AppendForm::setRefusal(const QString& why)
{
    m_append->setEnabled(why.isEmpty());
    m_append->setToolTip(why);
    m_hint->setHint(why);
}

void AppendForm::showFields()
{
    const QString type = m_type->currentText();
    if (type == m_shownType && !type.isEmpty())
        return;
    m_shownType = type;
    m_hint->setProblem({});
    while (m_form->rowCount() > 0)
        m_form->removeRow(0);
    m_fields.clear();
    const auto known = std::ranges::find(m_types, type.toStdString(), &models::EventTypeCount::name);
    const auto tree = known == m_types.end() ? nullptr : models::stateTree(known->example);
    const bool object = tree && tree->document.nodes[0].kind == JsonKind::Object
        && tree->document.nodes[0].children <= MostFields;
    m_json->setVisible(!object);
    m_about->setText(object ? tr("Fields as the last event of this type had them.")
                            : tr("No event of this type was met yet: its data as JSON."));
    if (tree && !object) {
        m_about->setText(tr("Data of the last event of this type."));
        m_json->setPlainText(QString::fromStdString(known->example));
    }
    if (!object)
        return;
    for (std::uint32_t row = 0; row < tree->document.nodes[0].children; ++row) {
        const auto& node = tree->document.nodes[tree->document.child(0, row)];
        const auto value = node.value.of(tree->text());
        Field field;
        field.name = node.key.of(tree->text());
        field.text = node.kind == JsonKind::String;
        field.edit = new QLineEdit(QString::fromUtf8(field.text ? value.substr(1, value.size() - 2) : value));
        const QString name = models::shown(field.name.substr(1, field.name.size() - 2), 40);
        field.edit->setObjectName(QStringLiteral("field-") + name);
        field.edit->setAccessibleName(name);
        connect(field.edit, &QLineEdit::returnPressed, this, &AppendForm::append);
        m_form->addRow(makeLabel(name), field.edit);
        m_fields.push_back(std::move(field));
    }
}

std::optional<QByteArray> AppendForm::data()
{
    m_hint->setProblem({});
    if (m_json->isVisibleTo(this)) {
        const auto bytes = editorText(*m_json);
        if (auto right = client::checkJson(bytes); !right) {
            m_hint->setProblem(
                tr("The data is no JSON: %1").arg(QString::fromStdString(right.error().message)));
            return std::nullopt;
        }
        return models::toQt(bytes);
    }
    std::string json = "{";
    for (const auto& field : m_fields) {
        std::string value = field.edit->text().toStdString();
        if (field.text) {
            // Shown as it stands in JSON, so that escapes survive; what is no such text is quoted anew.
            const std::string quoted = '"' + value + '"';
            value = client::checkJson(quoted) ? quoted : client::quoteJson(value);
        } else if (!client::checkJson(value)) {
            m_hint->setProblem(tr("%1 must be a number, true, false, null or other JSON.")
                                   .arg(field.edit->accessibleName()));
            field.edit->setFocus();
            return std::nullopt;
        }
        json += (json.size() > 1 ? "," : "") + field.name + ":" + value;
    }
    return QByteArray::fromStdString(json + "}");
}

void AppendForm::append()
{
    const QString type = m_type->currentText().trimmed();
    if (!m_append->isEnabled())
        return;
    if (type.isEmpty()) {
        m_hint->setProblem(tr("An event needs a type."));
        return;
    }
    if (const auto json = data())
        Q_EMIT appendRequested(type, *json);
}

} // namespace norikv::widgets
