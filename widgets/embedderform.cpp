// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/embedderform.h"

#include "widgets/fieldhint.h"
#include "widgets/plaintext.h"
#include "widgets/theme.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace norikv::widgets {

using Kind = client::EmbedderSettings::Kind;

namespace {
constexpr int MostInBatch = 2048;
constexpr int MostText = 1024;
} // namespace

EmbedderForm::EmbedderForm(const Theme& theme, QWidget* parent)
    : QFrame(parent)
    , m_kind(new QComboBox)
    , m_endpoint(new QWidget)
    , m_url(new QLineEdit)
    , m_model(new QLineEdit)
    , m_batch(new QSpinBox)
    , m_key(new QLineEdit)
    , m_keyVariable(new QLineEdit)
    , m_hint(new FieldHint(theme))
    , m_apply(new QPushButton(tr("Use it")))
{
    setObjectName(QStringLiteral("embedderForm"));
    setStyleRole(this, "card");
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 12, 14, 12);
    column->setSpacing(8);
    m_kind->setObjectName(QStringLiteral("embedderKind"));
    m_kind->setAccessibleName(tr("What makes vectors of texts"));
    m_kind->addItem(tr("Built in: English, works offline"), int(Kind::BuiltIn));
    m_kind->addItem(tr("An endpoint: Ollama, llama.cpp, vLLM, OpenAI …"), int(Kind::Endpoint));
    m_kind->addItem(tr("Nothing: vectors are given directly"), int(Kind::None));
    auto* cancel = new QPushButton(tr("Cancel"));
    m_apply->setObjectName(QStringLiteral("embedderApply"));
    setStyleRole(m_apply, "primary");
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(makeLabel(tr("Texts become vectors by"), "muted"));
    row->addWidget(m_kind, 1);
    row->addWidget(m_apply);
    row->addWidget(cancel);
    column->addLayout(row);

    auto* grid = new QGridLayout(m_endpoint);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(6);
    const auto field = [&](int line, int at, QWidget* widget, const QString& words, const char* name,
                           const QString& placeholder, const QString& tip) {
        widget->setObjectName(QString::fromLatin1(name));
        widget->setAccessibleName(words);
        widget->setToolTip(tip);
        if (auto* edit = qobject_cast<QLineEdit*>(widget)) {
            edit->setPlaceholderText(placeholder);
            edit->setMaxLength(MostText);
        }
        grid->addWidget(makeLabel(words, "muted"), line, at);
        grid->addWidget(widget, line, at + 1);
    };
    field(0, 0, m_url, tr("Address"), "embedderUrl", QStringLiteral("http://localhost:11434"),
        tr("Where POST /v1/embeddings is answered"));
    field(0, 2, m_model, tr("Model"), "embedderModel", QStringLiteral("nomic-embed-text"), {});
    m_batch->setRange(1, MostInBatch);
    field(0, 4, m_batch, tr("Texts in a request"), "embedderBatch", {}, {});
    m_key->setEchoMode(QLineEdit::Password);
    field(1, 0, m_key, tr("Key"), "embedderKey", tr("none"),
        tr("Kept for this run alone: it is written nowhere"));
    field(1, 2, m_keyVariable, tr("or from"), "embedderKeyVariable", QStringLiteral("OPENAI_API_KEY"),
        tr("Name of the environment variable that holds the key; the name is remembered, the key is not"));
    grid->setColumnStretch(1, 3);
    grid->setColumnStretch(3, 2);
    column->addWidget(m_endpoint);
    column->addWidget(m_hint);

    const auto apply = [this] {
        if (m_apply->isEnabled())
            Q_EMIT chosen(settings(), m_key->text());
    };
    connect(m_apply, &QPushButton::clicked, this, apply);
    connect(cancel, &QPushButton::clicked, this, &QWidget::hide);
    connect(m_kind, &QComboBox::currentIndexChanged, this, &EmbedderForm::refresh);
    for (auto* edit : {m_url, m_model, m_key, m_keyVariable}) {
        connect(edit, &QLineEdit::textChanged, this, &EmbedderForm::refresh);
        connect(edit, &QLineEdit::returnPressed, this, apply);
    }
    setSettings({});
}

void EmbedderForm::setSettings(const client::EmbedderSettings& settings)
{
    m_kind->setCurrentIndex(m_kind->findData(int(settings.kind)));
    m_url->setText(QString::fromStdString(settings.url));
    m_model->setText(QString::fromStdString(settings.model));
    m_batch->setValue(int(settings.batch));
    m_keyVariable->setText(QString::fromStdString(settings.keyVariable));
    refresh();
}

client::EmbedderSettings EmbedderForm::settings() const
{
    client::EmbedderSettings settings;
    settings.kind = Kind(m_kind->currentData().toInt());
    settings.url = m_url->text().trimmed().toStdString();
    settings.model = m_model->text().trimmed().toStdString();
    settings.batch = static_cast<std::uint32_t>(m_batch->value());
    settings.keyVariable = m_keyVariable->text().trimmed().toStdString();
    return settings;
}

void EmbedderForm::setProblem(const QString& problem) { m_hint->setProblem(problem); }

void EmbedderForm::refresh()
{
    const auto kind = Kind(m_kind->currentData().toInt());
    m_endpoint->setVisible(kind == Kind::Endpoint);
    m_apply->setEnabled(kind != Kind::Endpoint || !m_url->text().trimmed().isEmpty());
    m_hint->setProblem({});
    m_hint->setHint(kind == Kind::Endpoint ? tr("Texts you index and search with are sent to this address.")
            : kind == Kind::BuiltIn ? tr("A table of word vectors, made for English. Nothing leaves this "
                                         "computer.")
                                    : tr("Search by id or with numbers; import files that hold vectors."));
}

void EmbedderForm::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        hide();
    else
        QFrame::keyPressEvent(event);
}

} // namespace norikv::widgets
