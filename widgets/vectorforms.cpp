// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/vectorforms.h"

#include "client/bytes.h"
#include "models/text.h"
#include "widgets/plaintext.h"
#include "widgets/vectorwords.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace norikv::widgets {

namespace {

constexpr int MostDimensions = 4096;
constexpr int DefaultDimensions = 256;
constexpr std::size_t MostNameBytes = 256;
constexpr std::size_t MostIdBytes = 512;
constexpr int TextHeight = 64;

/// The bytes a person typed, or nothing while they are none or too many.
std::string nameIn(const QLineEdit& field, std::size_t most)
{
    const auto name = client::fromPrintable(field.text().toStdString());
    return name && name->size() <= most ? *name : std::string();
}

QVBoxLayout* frame(QFrame* form, const char* name)
{
    form->setObjectName(QString::fromLatin1(name));
    setStyleRole(form, "card");
    auto* column = new QVBoxLayout(form);
    column->setContentsMargins(14, 12, 14, 12);
    column->setSpacing(8);
    form->hide();
    return column;
}

QLineEdit* line(const char* name, const QString& placeholder)
{
    auto* field = new QLineEdit;
    field->setObjectName(QString::fromLatin1(name));
    field->setPlaceholderText(placeholder);
    field->setAccessibleName(placeholder);
    return field;
}

QPushButton* act(const QString& text, const char* name, const char* role)
{
    auto* button = new QPushButton(text);
    button->setObjectName(QString::fromLatin1(name));
    setStyleRole(button, role);
    return button;
}

QPushButton* cancel(QFrame* form)
{
    auto* button = new QPushButton(QFrame::tr("Cancel"));
    QObject::connect(button, &QPushButton::clicked, form, &QWidget::hide);
    return button;
}

bool closes(QFrame* form, const QKeyEvent* event)
{
    if (event->key() != Qt::Key_Escape)
        return false;
    form->hide();
    return true;
}

} // namespace

NewIndexForm::NewIndexForm(models::VectorFeed& feed, QWidget* parent)
    : QFrame(parent)
    , m_feed(feed)
    , m_name(line("newIndexName", tr("Name, e.g. documents")))
    , m_dimensions(new QSpinBox)
    , m_distance(new QComboBox)
    , m_type(new QComboBox)
    , m_create(act(tr("Create"), "createIndex", "primary"))
    , m_hint(makeLabel(QString(), "caption"))
{
    auto* column = frame(this, "newIndexForm");
    m_dimensions->setObjectName(QStringLiteral("newIndexDimensions"));
    m_dimensions->setAccessibleName(tr("Dimensions"));
    m_dimensions->setToolTip(tr("Numbers in each vector: as many as what makes the vectors gives"));
    m_dimensions->setRange(1, MostDimensions);
    m_dimensions->setValue(DefaultDimensions);
    m_dimensions->setSuffix(tr(" dimensions"));
    m_distance->setObjectName(QStringLiteral("newIndexDistance"));
    m_distance->setAccessibleName(tr("Distance"));
    for (const auto distance :
        {client::Distance::Cosine, client::Distance::Euclidean, client::Distance::InnerProduct}) {
        m_distance->addItem(distanceName(distance), int(distance));
        m_distance->setItemData(m_distance->count() - 1, distanceTip(distance), Qt::ToolTipRole);
    }
    m_type->setObjectName(QStringLiteral("newIndexType"));
    m_type->setAccessibleName(tr("Type"));
    for (const auto type : {client::IndexType::Hnsw, client::IndexType::BruteForce}) {
        m_type->addItem(typeName(type), int(type));
        m_type->setItemData(m_type->count() - 1, indexTypeTip(type), Qt::ToolTipRole);
    }
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_name, 1);
    for (QWidget* widget :
        std::initializer_list<QWidget*>{m_dimensions, m_distance, m_type, m_create, cancel(this)})
        row->addWidget(widget);
    column->addLayout(row);
    m_hint->setWordWrap(true);
    column->addWidget(m_hint);
    const auto create = [this] {
        client::VectorIndex index;
        index.name = nameIn(*m_name, MostNameBytes);
        if (index.name.empty())
            return;
        index.dimensions = static_cast<std::uint32_t>(m_dimensions->value());
        index.distance = client::Distance(m_distance->currentData().toInt());
        index.type = client::IndexType(m_type->currentData().toInt());
        m_feed.createIndex(index);
        Q_EMIT creating(index.name);
        hide();
    };
    connect(m_create, &QPushButton::clicked, this, create);
    connect(m_name, &QLineEdit::returnPressed, this, create);
    connect(m_name, &QLineEdit::textChanged, this, &NewIndexForm::refresh);
    connect(m_distance, &QComboBox::currentIndexChanged, this, &NewIndexForm::refresh);
    connect(m_type, &QComboBox::currentIndexChanged, this, &NewIndexForm::refresh);
}

void NewIndexForm::showEvent(QShowEvent* event)
{
    QFrame::showEvent(event);
    if (const auto& embedder = m_feed.embedder(); embedder && embedder->dimensions() > 0)
        m_dimensions->setValue(int(embedder->dimensions()));
    m_name->setFocus();
    refresh();
}

void NewIndexForm::refresh()
{
    const std::string name = nameIn(*m_name, MostNameBytes);
    const bool there = m_feed.index(name) != nullptr;
    m_create->setEnabled(!name.empty() && !there);
    m_hint->setText(there ? tr("There is an index of this name.")
                          : distanceTip(client::Distance(m_distance->currentData().toInt()))
                + QLatin1Char(' ') + indexTypeTip(client::IndexType(m_type->currentData().toInt())));
}

void NewIndexForm::keyPressEvent(QKeyEvent* event)
{
    if (!closes(this, event))
        QFrame::keyPressEvent(event);
}

IndexTextForm::IndexTextForm(models::VectorFeed& feed, QWidget* parent)
    : QFrame(parent)
    , m_feed(feed)
    , m_id(line("textId", tr("Id, e.g. doc1")))
    , m_title(line("textTitle", tr("Title")))
    , m_theme(line("textTheme", tr("Theme, for colours")))
    , m_text(new QPlainTextEdit)
    , m_store(act(tr("Index it"), "storeText", "primary"))
    , m_hint(makeLabel(QString(), "caption"))
{
    auto* column = frame(this, "indexTextForm");
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_id, 2);
    row->addWidget(m_title, 3);
    row->addWidget(m_theme, 2);
    row->addWidget(m_store);
    row->addWidget(cancel(this));
    column->addLayout(row);
    m_text->setObjectName(QStringLiteral("textContent"));
    m_text->setPlaceholderText(tr("Text"));
    m_text->setAccessibleName(tr("Text"));
    m_text->setTabChangesFocus(true);
    m_text->setFixedHeight(TextHeight);
    column->addWidget(m_text);
    m_hint->setWordWrap(true);
    column->addWidget(m_hint);
    connect(m_store, &QPushButton::clicked, this, [this] {
        m_feed.indexText(nameIn(*m_id, MostIdBytes), m_title->text().toStdString(), editorText(*m_text),
            m_theme->text().toStdString());
        hide();
        m_id->clear();
        m_title->clear();
        m_text->clear();
    });
    connect(m_id, &QLineEdit::textChanged, this, &IndexTextForm::refresh);
    connect(m_title, &QLineEdit::textChanged, this, &IndexTextForm::refresh);
    connect(m_text, &QPlainTextEdit::textChanged, this, &IndexTextForm::refresh);
    connect(&feed, &models::VectorFeed::embedderChanged, this, &IndexTextForm::refresh);
    connect(&feed, &models::VectorFeed::chosenChanged, this, &IndexTextForm::refresh);
}

void IndexTextForm::showEvent(QShowEvent* event)
{
    QFrame::showEvent(event);
    m_id->setFocus();
    refresh();
}

void IndexTextForm::refresh()
{
    QString why;
    if (m_feed.chosen().empty())
        why = tr("Choose an index first.");
    else if (!m_feed.embedder())
        why = tr("Nothing makes vectors of texts: choose it at the top.");
    else
        why = m_feed.mismatch();
    const bool words = !(m_title->text() + m_text->toPlainText()).trimmed().isEmpty();
    m_store->setEnabled(why.isEmpty() && words && !nameIn(*m_id, MostIdBytes).empty());
    m_hint->setText(!why.isEmpty() ? why
                                   : tr("Goes into %1. An id that is there already is replaced.")
                                         .arg(models::shown(m_feed.chosen(), 64)));
}

void IndexTextForm::keyPressEvent(QKeyEvent* event)
{
    if (!closes(this, event))
        QFrame::keyPressEvent(event);
}

DropIndexForm::DropIndexForm(models::VectorFeed& feed, QWidget* parent)
    : QFrame(parent)
    , m_feed(feed)
    , m_question(makeLabel(QString()))
    , m_typed(line("dropTyped", tr("Name of the index")))
    , m_drop(act(tr("Drop it"), "dropIndex", "danger"))
{
    auto* column = frame(this, "dropIndexForm");
    m_question->setWordWrap(true);
    column->addWidget(m_question);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_typed, 1);
    row->addWidget(m_drop);
    row->addWidget(cancel(this));
    column->addLayout(row);
    const auto same = [this] { return nameIn(*m_typed, MostNameBytes) == m_index && !m_index.empty(); };
    connect(m_typed, &QLineEdit::textChanged, this, [this, same] { m_drop->setEnabled(same()); });
    const auto drop = [this, same] {
        if (!same())
            return;
        m_feed.dropIndex(m_index, true);
        hide();
    };
    connect(m_drop, &QPushButton::clicked, this, drop);
    connect(m_typed, &QLineEdit::returnPressed, this, drop);
}

void DropIndexForm::ask(const std::string& name)
{
    m_index = name;
    const auto* index = m_feed.index(name);
    m_question->setText(
        tr("This drops the index %1 and its %n vector(s). Texts stored beside them stay. It cannot "
           "be undone. Type its name to confirm:",
            nullptr, int(index ? index->count : 0))
            .arg(idText(name)));
    m_typed->clear();
    m_drop->setEnabled(false);
    show();
    m_typed->setFocus();
}

void DropIndexForm::keyPressEvent(QKeyEvent* event)
{
    if (!closes(this, event))
        QFrame::keyPressEvent(event);
}

} // namespace norikv::widgets
