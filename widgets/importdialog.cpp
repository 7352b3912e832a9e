// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/importdialog.h"

#include "models/text.h"
#include "widgets/bulkdialog.h"
#include "widgets/bulkrunview.h"
#include "widgets/pathfield.h"
#include "widgets/plaintext.h"
#include "widgets/tables.h"
#include "widgets/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDateTime>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableWidget>
#include <QVBoxLayout>

namespace norikv::widgets {

using models::BulkFeed;

namespace {

constexpr int ShownLines = 100;

QTableWidget* table(const QStringList& columns, const char* name, const QString& spoken)
{
    auto* t = new QTableWidget(0, int(columns.size()));
    t->setObjectName(QString::fromLatin1(name));
    t->setHorizontalHeaderLabels(columns);
    t->setEditTriggers(QAbstractItemView::NoEditTriggers);
    t->setAccessibleName(spoken);
    styleTable(*t);
    t->horizontalHeader()->setStretchLastSection(true);
    return t;
}

void setCell(QTableWidget& t, int row, int column, const QString& text, bool mono = false)
{
    auto* item = new QTableWidgetItem(clippedLine(text));
    if (mono)
        item->setFont(Theme::monoFont());
    t.setItem(row, column, item);
}

QString expiryText(const std::optional<EpochMs>& at)
{
    return at ? QDateTime::fromMSecsSinceEpoch(*at).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss"))
              : ImportDialog::tr("none");
}

} // namespace

ImportDialog::ImportDialog(std::unique_ptr<BulkFeed> feed, const Theme& theme, QWidget* parent)
    : QDialog(parent)
    , m_feed(std::move(feed))
    , m_theme(theme)
    , m_stack(new QStackedWidget)
    , m_start(new QPushButton(tr("Import")))
    , m_close(new QPushButton(tr("Cancel")))
{
    setObjectName(QStringLiteral("importDialog"));
    setWindowTitle(tr("Import keys"));
    setModal(false);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    m_stack->addWidget(makeChoices());
    m_stack->addWidget(new BulkRunView(*m_feed, theme));
    column->addWidget(m_stack, 1);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch(1);
    m_start->setObjectName(QStringLiteral("importStart"));
    m_close->setObjectName(QStringLiteral("importClose"));
    m_start->setAutoDefault(false);
    m_close->setAutoDefault(false);
    setStyleRole(m_start, "primary");
    buttons->addWidget(m_start);
    buttons->addWidget(m_close);
    column->addLayout(buttons);
    connect(m_start, &QPushButton::clicked, this, &ImportDialog::start);
    connect(m_close, &QPushButton::clicked, this, &ImportDialog::reject);
    connect(m_feed.get(), &BulkFeed::changed, this, &ImportDialog::refresh);
    resize(720, 620);
    refresh();
}

ImportDialog::~ImportDialog()
{
    // A dialog that goes hides itself last of all: the field must not ask for its file then.
    m_file->disconnect(this);
}

QWidget* ImportDialog::makeChoices()
{
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_file = new PathField(m_theme, tr("A file of keys"));
    m_file->setObjectName(QStringLiteral("importFile"));
    m_file->setPlaceholderText(tr("A file of NDJSON or CSV: type its path, choose it or drop it here"));
    m_file->setAccessibleName(tr("File to import"));
    column->addWidget(m_file);
    m_summary = makeLabel(QString(), "headline");
    m_summary->setObjectName(QStringLiteral("importSummary"));
    m_summary->setWordWrap(true);
    m_reading = new QProgressBar;
    m_reading->setRange(0, 1000);
    m_reading->setTextVisible(false);
    m_reading->setAccessibleName(tr("Progress of reading"));
    column->addWidget(m_summary);
    column->addWidget(m_reading);
    m_preview = table({tr("key"), tr("value"), tr("expires")}, "importPreview", tr("First lines"));
    m_preview->horizontalHeader()->setStretchLastSection(false);
    m_preview->horizontalHeader()->setSectionResizeMode(1, QHeaderView::Stretch);
    m_preview->horizontalHeader()->resizeSection(0, 220);
    m_preview->horizontalHeader()->resizeSection(2, 150);
    column->addWidget(m_preview, 3);
    m_brokenTitle = makeLabel(QString(), "section");
    m_broken = table({tr("line"), tr("reason"), tr("begins with")}, "importBroken", tr("Broken lines"));
    m_broken->horizontalHeader()->resizeSection(0, 90);
    m_broken->horizontalHeader()->resizeSection(1, 260);
    column->addWidget(m_brokenTitle);
    column->addWidget(m_broken, 2);
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(12);
    form->setVerticalSpacing(8);
    m_existing = new QComboBox;
    m_existing->setObjectName(QStringLiteral("importExisting"));
    m_existing->addItem(tr("Leave it as it is"), int(client::OnExisting::Skip));
    m_existing->addItem(tr("Overwrite it"), int(client::OnExisting::Overwrite));
    m_existing->addItem(
        tr("Overwrite it if unchanged since the export"), int(client::OnExisting::OnlyIfUnchanged));
    m_expired = new QComboBox;
    m_expired->setObjectName(QStringLiteral("importExpired"));
    m_expired->addItem(tr("Leave it out"), int(client::OnExpired::Skip));
    m_expired->addItem(tr("Import it without expiry"), int(client::OnExpired::WithoutExpiry));
    m_keepTtl = new QCheckBox(tr("Keep the expiry that the lines name"));
    m_keepTtl->setChecked(true);
    form->addRow(tr("A key that exists"), m_existing);
    form->addRow(tr("A line whose expiry is over"), m_expired);
    form->addRow(QString(), m_keepTtl);
    column->addLayout(form);
    m_typedText = makeLabel(QString());
    m_typedText->setWordWrap(true);
    m_typed = new QLineEdit;
    m_typed->setObjectName(QStringLiteral("importTyped"));
    m_typed->setMaximumWidth(160);
    m_typed->setAccessibleName(tr("Number of lines, to confirm"));
    column->addWidget(m_typedText);
    column->addWidget(m_typed);
    connect(m_file, &QLineEdit::editingFinished, this, &ImportDialog::look);
    connect(m_file, &QLineEdit::textChanged, this, [this] {
        if (!m_file->hasFocus())
            look(); // chosen or dropped
    });
    connect(m_typed, &QLineEdit::textChanged, this, &ImportDialog::checkTyped);
    connect(m_typed, &QLineEdit::returnPressed, this, [this] {
        if (m_start->isEnabled())
            start();
    });
    return page;
}

void ImportDialog::setOnlyPrefix(const client::Bytes& prefix)
{
    m_onlyPrefix = prefix;
    setWindowTitle(
        prefix.empty() ? tr("Import keys") : tr("Import keys under %1").arg(models::shown(prefix, 60)));
}

void ImportDialog::setFile(const QString& path)
{
    m_file->setText(path);
    look();
}

void ImportDialog::look()
{
    const std::string path = m_file->text().trimmed().toStdString();
    const bool known = m_feed->request().file == path && m_feed->state() != BulkFeed::State::Idle;
    if (path.empty() || known)
        return;
    client::BulkRequest request;
    request.action = client::BulkAction::Import;
    request.file = path;
    request.onlyPrefix = m_onlyPrefix;
    m_feed->plan(std::move(request));
}

void ImportDialog::refreshPlan()
{
    const auto& plan = m_feed->plan();
    QStringList parts{bulkSentence(m_feed->request(), plan.count)};
    if (plan.outside > 0)
        parts << tr("%n line(s) are of keys outside %1 and are left out.", nullptr, int(plan.outside))
                     .arg(models::shown(m_onlyPrefix, 60));
    if (plan.expired > 0)
        parts << tr("%n line(s) name an expiry that is over.", nullptr, int(plan.expired));
    m_summary->setText(parts.join(QLatin1Char(' ')));
    m_preview->setRowCount(std::min(ShownLines, int(plan.preview.size())));
    for (int row = 0; row < m_preview->rowCount(); ++row) {
        const auto& entry = plan.preview[std::size_t(row)].entry;
        setCell(*m_preview, row, 0, models::shown(entry.key), true);
        setCell(*m_preview, row, 1, models::shown(entry.value), true);
        setCell(*m_preview, row, 2, expiryText(entry.expiresAtMs));
    }
    m_brokenTitle->setText(tr("%n broken line(s): the rest can be imported", nullptr, int(plan.broken)));
    m_broken->setRowCount(int(plan.brokenLines.size()));
    for (int row = 0; row < m_broken->rowCount(); ++row) {
        const auto& line = plan.brokenLines[std::size_t(row)];
        setCell(*m_broken, row, 0, QString::number(line.line));
        setCell(*m_broken, row, 1, QString::fromStdString(line.reason));
        setCell(*m_broken, row, 2, models::shown(line.text), true);
    }
    m_typedText->setText(tr("These are more than %1 lines. Type their number, %2, to confirm:")
                             .arg(BulkFeed::TypedAbove)
                             .arg(plan.count));
}

void ImportDialog::checkTyped()
{
    const QString typed = m_typed->text().remove(QLatin1Char(',')).remove(QLatin1Char(' '));
    const bool confirmed = !m_feed->needsTyping() || typed == QString::number(m_feed->plan().count);
    m_start->setEnabled(m_feed->state() == BulkFeed::State::Planned && m_feed->writesAllowed()
        && m_feed->plan().count > 0 && confirmed);
    if (!m_feed->writesAllowed())
        m_start->setToolTip(tr("This connection is read-only"));
}

void ImportDialog::refresh()
{
    using State = BulkFeed::State;
    const State state = m_feed->state();
    m_reading->setValue(int(m_feed->planned() * 1000));
    if (m_shown == state && state != State::Idle)
        return;
    m_shown = state;
    const bool run = state == State::Running || state == State::Ended;
    m_stack->setCurrentIndex(run ? 1 : 0);
    m_start->setVisible(!run);
    m_close->setText(run ? tr("Close") : tr("Cancel"));
    m_reading->setVisible(state == State::Planning);
    const bool planned = state == State::Planned;
    if (planned)
        refreshPlan();
    else if (state == State::Failed)
        m_summary->setText(clippedLine(m_feed->problem()));
    else
        m_summary->setText(state == State::Planning
                ? tr("Reading the file; nothing is written yet …")
                : tr("Nothing is written before you have seen the file."));
    const bool broken = planned && m_feed->plan().broken > 0;
    m_brokenTitle->setVisible(broken);
    m_broken->setVisible(broken);
    m_typedText->setVisible(planned && m_feed->needsTyping());
    m_typed->setVisible(planned && m_feed->needsTyping());
    checkTyped();
}

void ImportDialog::start()
{
    m_feed->setChoices(client::OnExisting(m_existing->currentData().toInt()),
        client::OnExpired(m_expired->currentData().toInt()), m_keepTtl->isChecked());
    m_feed->start(m_feed->usualRate());
}

void ImportDialog::reject()
{
    m_feed->cancel();
    QDialog::reject();
}

} // namespace norikv::widgets
