// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/vectorindexbar.h"

#include "models/errortext.h"
#include "widgets/elidedlabel.h"
#include "widgets/plaintext.h"
#include "widgets/progressstrip.h"
#include "widgets/theme.h"
#include "widgets/vectorforms.h"
#include "widgets/vectororphans.h"
#include "widgets/vectorwords.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <utility>

namespace norikv::widgets {

VectorIndexBar::VectorIndexBar(models::VectorFeed& feed, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_feed(feed)
{
    setObjectName(QStringLiteral("vectorIndexBar"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(makeLine(theme));
    m_mismatch = makeLabel(QString(), "muted");
    m_mismatch->setObjectName(QStringLiteral("embedderMismatch"));
    m_mismatch->setWordWrap(true);
    m_mismatch->hide();
    column->addWidget(m_mismatch);
    m_load = new ProgressStrip;
    m_load->setObjectName(QStringLiteral("loadProgress"));
    m_importing = new ProgressStrip;
    m_importing->setObjectName(QStringLiteral("importProgress"));
    m_newForm = new NewIndexForm(feed);
    m_textForm = new IndexTextForm(feed);
    m_dropForm = new DropIndexForm(feed);
    m_orphans = new VectorOrphans;
    for (QWidget* part :
        std::initializer_list<QWidget*>{m_load, m_importing, m_newForm, m_textForm, m_dropForm, m_orphans})
        column->addWidget(part);
    connect(m_newForm, &NewIndexForm::creating, this, [this](const std::string& name) { m_made = name; });
    connect(m_load, &ProgressStrip::cancelled, &feed, &models::VectorFeed::cancelLoad);
    connect(m_importing, &ProgressStrip::cancelled, &feed, &models::VectorFeed::cancelImport);
    connect(m_orphans, &VectorOrphans::idActivated, this, &VectorIndexBar::storedRequested);
    connect(&feed, &models::VectorFeed::serviceChanged, this, &VectorIndexBar::refresh);
    connect(&feed, &models::VectorFeed::chosenChanged, this, &VectorIndexBar::refresh);
    connect(&feed, &models::VectorFeed::embedderChanged, this, &VectorIndexBar::refresh);
    connect(&feed, &models::VectorFeed::loadChanged, this, &VectorIndexBar::refreshProgress);
    connect(&feed, &models::VectorFeed::importChanged, this, &VectorIndexBar::refreshProgress);
    connect(&feed, &models::VectorFeed::snapshotChanged, this, &VectorIndexBar::refreshOrphans);
    refresh();
    refreshProgress();
    refreshOrphans();
}

QWidget* VectorIndexBar::makeLine(const Theme&)
{
    auto* box = new QWidget;
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    m_index = new QComboBox;
    m_index->setObjectName(QStringLiteral("indexChooser"));
    m_index->setAccessibleName(tr("Index"));
    m_index->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_index->setMinimumContentsLength(14);
    m_facts = new ElidedLabel;
    setStyleRole(m_facts, "muted");
    m_facts->setObjectName(QStringLiteral("indexFacts"));
    m_orphansButton = new QPushButton;
    m_orphansButton->setObjectName(QStringLiteral("showOrphans"));
    setStyleRole(m_orphansButton, "quiet");
    m_new = new QPushButton(tr("New index…"));
    m_new->setObjectName(QStringLiteral("newIndex"));
    m_text = new QPushButton(tr("Index a text…"));
    m_text->setObjectName(QStringLiteral("indexText"));
    m_import = new QPushButton(tr("Import…"));
    m_import->setObjectName(QStringLiteral("importVectors"));
    m_import->setToolTip(
        tr("Texts or vectors from a text list, CSV, NDJSON, .npy or .fvecs file; files can also "
           "be dropped here"));
    m_more = new QPushButton(tr("More"));
    m_more->setObjectName(QStringLiteral("indexMore"));
    auto* menu = new QMenu(m_more);
    m_systems
        = menu->addAction(tr("Create the document's indexes"), &m_feed, &models::VectorFeed::createSystems);
    m_resume = menu->addAction(tr("Go on with the import"), &m_feed, &models::VectorFeed::resumeImport);
    menu->addAction(tr("Read it again"), &m_feed, &models::VectorFeed::reload);
    menu->addSeparator();
    m_drop = menu->addAction(tr("Drop this index…"), this, [this] {
        openForm(m_dropForm);
        m_dropForm->ask(m_feed.chosen());
    });
    m_drop->setObjectName(QStringLiteral("dropIndexAction"));
    m_more->setMenu(menu);
    row->addWidget(m_index);
    row->addWidget(m_facts, 1);
    for (auto* button : {m_orphansButton, m_new, m_text, m_import, m_more})
        row->addWidget(button);
    connect(m_index, &QComboBox::activated, this,
        [this](int at) { Q_EMIT indexChosen(m_index->itemData(at).toByteArray().toStdString()); });
    connect(m_new, &QPushButton::clicked, this, &VectorIndexBar::newIndex);
    connect(m_text, &QPushButton::clicked, this, [this] { openForm(m_textForm); });
    connect(m_import, &QPushButton::clicked, this, &VectorIndexBar::importFile);
    connect(m_orphansButton, &QPushButton::clicked, this, [this] { openForm(m_orphans); });
    return box;
}

// One form at a time; the button that opened it closes it.
void VectorIndexBar::openForm(QWidget* form)
{
    const bool opens = !form->isVisible();
    for (QWidget* each : std::initializer_list<QWidget*>{m_newForm, m_textForm, m_dropForm, m_orphans})
        each->setVisible(each == form && opens);
}

void VectorIndexBar::newIndex() { openForm(m_newForm); }

void VectorIndexBar::importFile()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Import texts or vectors"), QString(),
        tr("Texts and vectors (*.txt *.csv *.ndjson *.jsonl *.npy *.fvecs);;All files (*)"));
    if (!path.isEmpty())
        Q_EMIT importRequested(path);
}

void VectorIndexBar::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    if (readOnly) {
        for (QWidget* form : std::initializer_list<QWidget*>{m_newForm, m_textForm, m_dropForm})
            form->hide();
    }
    refresh();
}

void VectorIndexBar::refresh()
{
    // Who makes an index wants to fill it.
    if (!m_made.empty() && m_feed.index(m_made))
        m_feed.choose(std::exchange(m_made, std::string()));
    if (!m_index->view()->isVisible()) { // not under the hand of who is choosing
        const QSignalBlocker quiet(m_index);
        m_index->clear();
        for (const auto& index : m_feed.indexes()) {
            m_index->addItem(idText(index.name), QByteArray::fromStdString(index.name));
            m_index->setItemData(m_index->count() - 1, indexFacts(index), Qt::ToolTipRole);
        }
        m_index->setCurrentIndex(m_index->findData(QByteArray::fromStdString(m_feed.chosen())));
    }
    const client::VectorIndex* chosen = m_feed.index(m_feed.chosen());
    m_facts->setText(chosen ? indexFacts(*chosen) : tr("no index chosen"));
    m_facts->setToolTip(chosen
            ? plainToolTip(distanceTip(chosen->distance) + QLatin1Char('\n') + indexTypeTip(chosen->type))
            : QString());
    const QString tip = m_readOnly
        ? tr("This connection is read-only: change the mode in the top bar to write")
        : QString();
    const bool offered = m_feed.service() == models::VectorFeed::Service::Offered;
    m_new->setEnabled(offered && !m_readOnly);
    m_text->setEnabled(chosen && !m_readOnly);
    m_import->setEnabled(chosen && !m_readOnly && !m_feed.importing().running);
    m_new->setToolTip(tip);
    m_text->setToolTip(m_readOnly || chosen ? tip : tr("Make an index first"));
    m_systems->setEnabled(offered && !m_readOnly && m_feed.embedder());
    m_drop->setEnabled(chosen && !m_readOnly);
    const QString mismatch = chosen ? m_feed.mismatch() : QString();
    m_mismatch->setText(mismatch);
    m_mismatch->setVisible(!mismatch.isEmpty());
}

void VectorIndexBar::refreshProgress()
{
    const auto& load = m_feed.load();
    if (load.state == models::FeedState::Loading) {
        const QString what = load.crawling
            ? tr("This server cannot list ids: searching for them, %1 found").arg(load.read)
            : load.total > 0 ? tr("Reading %1 of %2 vectors").arg(load.read).arg(load.total)
                             : tr("Reading vectors: %1").arg(load.read);
        m_load->showProgress(what, load.total > 0 ? double(load.read) / double(load.total) : -1);
    } else {
        m_load->done();
    }
    const auto& import = m_feed.importing();
    if (import.running) {
        QString what = tr("Importing %1: %2 stored").arg(clippedLine(import.what)).arg(import.done);
        if (import.bad > 0)
            what += tr(", %n could not be read", nullptr, int(import.bad));
        m_importing->showProgress(
            what, import.expected > 0 ? double(import.done + import.bad) / double(import.expected) : -1);
    } else {
        m_importing->done();
    }
    m_import->setEnabled(m_feed.index(m_feed.chosen()) && !m_readOnly && !import.running);
    m_resume->setEnabled(m_feed.canResumeImport() && !m_readOnly);
}

void VectorIndexBar::refreshOrphans()
{
    const auto& snapshot = m_feed.snapshot();
    const std::size_t vectors = snapshot ? snapshot->orphanVectors.size() : 0;
    const std::size_t metas = snapshot ? snapshot->orphanMetas.size() : 0;
    m_orphansButton->setVisible(vectors + metas > 0);
    m_orphansButton->setText(tr("%n without its other half", nullptr, int(vectors + metas)));
    m_orphansButton->setToolTip(
        tr("Vectors without metadata: the pattern's code leaves them out of every answer. Metadata without a "
           "vector: never found."));
    if (snapshot)
        m_orphans->setOrphans(snapshot->orphanVectors, snapshot->orphanMetas);
    if (vectors + metas == 0)
        m_orphans->hide();
}

} // namespace norikv::widgets
