// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/newkeydialog.h"

#include "models/sizetext.h"
#include "models/text.h"
#include "widgets/fieldhint.h"
#include "widgets/plaintext.h"
#include "widgets/theme.h"
#include "widgets/valueedit.h"

#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace norikv::widgets {

using client::Bytes;
using models::KeyCreation;

namespace {

constexpr std::size_t MostInEditor = 64 * 1024; // more would hold up the window
constexpr int LongestSeconds = 31'536'000;
enum Expiry { Never, After };

} // namespace

NewKeyDialog::NewKeyDialog(
    std::unique_ptr<KeyCreation> creation, const Theme& theme, const Bytes& prefix, QWidget* parent)
    : QDialog(parent)
    , m_creation(std::move(creation))
    , m_theme(theme)
    , m_prefix(prefix)
    , m_value(new ValueEdit)
    , m_outcome(makeLabel(QString()))
    , m_open(new QPushButton(tr("Open it")))
    , m_create(new QPushButton(tr("Create")))
{
    setObjectName(QStringLiteral("newKeyDialog"));
    setWindowTitle(tr("New key"));
    setModal(false);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(12);
    form->setVerticalSpacing(12);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("Key"), makeKeyRow());
    m_value->setObjectName(QStringLiteral("newValue"));
    m_value->setAccessibleName(tr("Value"));
    m_value->setFont(Theme::monoFont());
    m_value->setTabChangesFocus(true);
    m_value->setPlaceholderText(tr("Text of any kind; may be empty"));
    form->addRow(tr("Value"), m_value);
    form->addRow(tr("Expiry"), makeExpiryRow());
    column->addLayout(form, 1);
    auto* told = new QHBoxLayout;
    told->setSpacing(8);
    m_outcome->setObjectName(QStringLiteral("newKeyOutcome"));
    m_outcome->setWordWrap(true);
    m_open->setObjectName(QStringLiteral("openExisting"));
    m_open->hide();
    told->addWidget(m_outcome, 1);
    told->addWidget(m_open);
    column->addLayout(told);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch(1);
    m_create->setObjectName(QStringLiteral("createKey"));
    m_create->setDefault(true);
    setStyleRole(m_create, "primary");
    auto* close = new QPushButton(tr("Cancel"));
    for (auto* button : {m_open, close})
        button->setAutoDefault(false);
    buttons->addWidget(m_create);
    buttons->addWidget(close);
    column->addLayout(buttons);

    connect(m_create, &QPushButton::clicked, this, &NewKeyDialog::create);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_open, &QPushButton::clicked, this, [this] {
        Q_EMIT openRequested(models::toQt(m_there));
        accept();
    });
    connect(m_creation.get(), &KeyCreation::made, this, &NewKeyDialog::tell);
    connect(m_creation.get(), &KeyCreation::sourceRead, this, &NewKeyDialog::take);
    connect(m_value, &QPlainTextEdit::textChanged, this, &NewKeyDialog::check);
    connect(m_value, &ValueEdit::tooLong, this, &NewKeyDialog::keepPasted);
    resize(520, 380);
    check();
    m_key->setFocus();
}

NewKeyDialog::~NewKeyDialog() = default;

QWidget* NewKeyDialog::makeKeyRow()
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    auto* row = new QHBoxLayout;
    row->setSpacing(4);
    if (!m_prefix.empty()) {
        auto* before = makeLabel(models::shown(m_prefix, 80), "muted");
        before->setFont(Theme::monoFont());
        before->setObjectName(QStringLiteral("newKeyPrefix"));
        row->addWidget(before);
    }
    m_key = new QLineEdit;
    m_key->setObjectName(QStringLiteral("newKeyName"));
    m_key->setFont(Theme::monoFont());
    m_key->setAccessibleName(tr("Key"));
    m_key->setPlaceholderText(m_prefix.empty() ? tr("For example user:42") : tr("What comes after it"));
    row->addWidget(m_key, 1);
    column->addLayout(row);
    m_hint = new FieldHint(m_theme);
    column->addWidget(m_hint);
    connect(m_key, &QLineEdit::textChanged, this, &NewKeyDialog::check);
    return box;
}

QWidget* NewKeyDialog::makeExpiryRow()
{
    auto* box = new QWidget;
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    m_expiry = new QComboBox;
    m_expiry->setObjectName(QStringLiteral("newExpiry"));
    m_expiry->setAccessibleName(tr("Expiry"));
    m_expiry->addItem(tr("Never"), Never);
    m_expiry->addItem(tr("After …"), After);
    m_seconds = new QSpinBox;
    m_seconds->setObjectName(QStringLiteral("newTtl"));
    m_seconds->setRange(1, LongestSeconds);
    m_seconds->setValue(3600);
    m_seconds->setSuffix(tr(" s"));
    m_seconds->setAccessibleName(tr("Seconds until it expires"));
    m_seconds->hide();
    m_expiryNote = makeLabel(QString(), "caption");
    m_expiryNote->setObjectName(QStringLiteral("newExpiryNote"));
    m_expiryNote->setWordWrap(true);
    row->addWidget(m_expiry);
    row->addWidget(m_seconds);
    row->addWidget(m_expiryNote, 1);
    connect(m_expiry, &QComboBox::currentIndexChanged, this,
        [this] { m_seconds->setVisible(m_expiry->currentData().toInt() == After); });
    return box;
}

void NewKeyDialog::copyFrom(const Bytes& source)
{
    m_source = source;
    m_reading = true;
    setWindowTitle(tr("Duplicate a key"));
    const bool inside = source.starts_with(m_prefix);
    m_key->setText(QString::fromStdString(
        client::printable(inside ? std::string_view(source).substr(m_prefix.size()) : source)));
    m_key->setFocus();
    m_key->selectAll();
    m_value->setReadOnly(true);
    m_value->setPlaceholderText(tr("Reading %1 …").arg(models::shown(source, 80)));
    m_creation->read(source);
    check();
}

void NewKeyDialog::take(const KeyCreation::Source& source)
{
    m_reading = !source.problem.isEmpty(); // no value, no copy
    if (!source.problem.isEmpty()) {
        m_value->setPlaceholderText(QString());
        m_outcome->setText(clippedLine(source.problem));
        return;
    }
    const Bytes& value = source.entry.value;
    const bool small = value.size() <= MostInEditor && client::isUtf8(value);
    if (small)
        m_value->setPlainText(QString::fromStdString(value));
    // An editor changes some bytes, such as its own line breaks: then they are copied past it.
    m_fixed.reset();
    if (!small || editorText(*m_value) != value) {
        m_value->clear();
        m_fixed = value;
        m_value->setPlaceholderText(tr("%1 that cannot be edited as text are copied as they are.")
                                        .arg(models::sizeText(value.size())));
    }
    m_value->setReadOnly(m_fixed.has_value());
    if (source.left && source.left->count() > 0) {
        m_expiry->setCurrentIndex(m_expiry->findData(After));
        const auto seconds = std::chrono::ceil<std::chrono::seconds>(*source.left).count();
        m_seconds->setValue(int(std::clamp<std::int64_t>(seconds, 1, LongestSeconds)));
        m_expiryNote->setText(tr("what is left of the original's"));
    } else if (source.entry.provenance == client::TtlProvenance::Unknown) {
        m_expiryNote->setText(tr("This server does not tell whether the original expires."));
    }
    check();
}

/// Empty = what is typed is no key.
std::optional<Bytes> NewKeyDialog::key() const
{
    auto typed = client::fromPrintable(m_key->text().toStdString());
    if (typed && !typed->starts_with(m_prefix))
        typed = m_prefix + *typed;
    return typed;
}

/// Whoever types after it replaces it.
void NewKeyDialog::keepPasted(const QString& text)
{
    m_value->clear();
    m_fixed = text.toStdString();
    m_value->setPlaceholderText(
        tr("%1 pasted and kept as they are: a line too long to be shown. Type to replace it.")
            .arg(models::sizeText(m_fixed->size())));
    check();
}

void NewKeyDialog::reject()
{
    if (m_creation->writing())
        m_outcome->setText(tr("Waiting for the server's answer …"));
    else
        QDialog::reject();
}

Bytes NewKeyDialog::value() const { return m_fixed ? *m_fixed : editorText(*m_value); }

void NewKeyDialog::check()
{
    m_consent = false;
    m_create->setText(tr("Create"));
    if (!m_value->isReadOnly() && !m_value->document()->isEmpty())
        m_fixed.reset(); // typed since
    const auto name = key();
    const std::size_t bytes = value().size();
    const bool nameless = m_key->text().isEmpty() || (name && *name == m_prefix);
    QString problem;
    if (!name)
        problem = tr("A broken escape: write \\xNN for a byte and \\\\ for a backslash.");
    else if (name->size() > client::MaxKeyBytes)
        problem = tr("A key has at most 1,024 bytes; this one has %1.").arg(name->size());
    else if (!m_source.empty() && *name == m_source)
        problem = tr("The copy needs a name of its own.");
    else if (bytes > client::MaxValueBytes)
        problem = tr("A value has at most %1; this one has %2.")
                      .arg(models::sizeText(client::MaxValueBytes), models::sizeText(bytes));
    m_hint->setHint(
        !m_prefix.empty() && !nameless && name ? tr("Creates %1").arg(models::shown(*name, 120)) : QString());
    m_hint->setProblem(problem);
    m_create->setEnabled(problem.isEmpty() && !nameless && !m_reading && !m_creation->writing());
    if (!m_reading && m_outcome->text() != QString() && !m_there.empty() && name != m_there) {
        m_outcome->clear(); // it was about another name
        m_open->hide();
        m_there.clear();
    }
}

void NewKeyDialog::create()
{
    const auto name = key();
    if (!name)
        return;
    const auto ttl = m_expiry->currentData().toInt() == After ? std::chrono::seconds(m_seconds->value())
                                                              : std::chrono::seconds(0);
    m_outcome->clear();
    m_open->hide();
    m_there.clear();
    m_creation->create(*name, value(), ttl, m_consent);
    m_create->setEnabled(false);
}

void NewKeyDialog::tell(const KeyCreation::Made& made)
{
    if (made.ok) {
        Q_EMIT said(made.text);
        Q_EMIT openRequested(models::toQt(made.key));
        accept();
        return;
    }
    check();
    m_outcome->setText(clippedLine(made.text));
    if (made.exists) {
        m_there = made.key;
        m_open->show();
    } else if (made.needsConsent) {
        m_consent = true;
        m_outcome->setText(tr("This connection asks before it writes."));
        m_create->setText(tr("Yes, create it"));
    }
}

} // namespace norikv::widgets
