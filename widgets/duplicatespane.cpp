// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/duplicatespane.h"

#include "client/bytes.h"
#include "widgets/charttheme.h"
#include "widgets/duplicatereview.h"
#include "widgets/plaintext.h"
#include "widgets/plots/thresholdhistogram.h"
#include "widgets/progressstrip.h"
#include "widgets/tables.h"
#include "widgets/theme.h"
#include "widgets/vectorwords.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

namespace norikv::widgets {

namespace {

constexpr int AnswersHeight = 112;
enum AnswerColumn { Text, Answer, Similarity, AnswerColumns };

/// The document's own three sentences.
const std::pair<const char*, const char*> Examples[]{
    {"doc1", "The quick brown fox jumps over the lazy dog."},
    {"doc2", "A quick brown fox jumped over a lazy dog."},
    {"doc3", "Machine learning is transforming industries."},
};

} // namespace

DuplicatesPane::DuplicatesPane(
    models::VectorFeed& vectors, models::VectorDuplicateFeed& feed, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_vectors(vectors)
    , m_feed(feed)
{
    setObjectName(QStringLiteral("duplicatesPane"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 0);
    column->setSpacing(6);
    auto* top = new QVBoxLayout;
    top->setContentsMargins(12, 0, 12, 0);
    top->setSpacing(6);
    top->addWidget(makeCheck());
    column->addLayout(top);
    m_answers = new QTableWidget(0, AnswerColumns);
    m_answers->setObjectName(QStringLiteral("answersTable"));
    m_answers->setAccessibleName(tr("What was checked, newest first"));
    m_answers->setHorizontalHeaderLabels({tr("text"), tr("answer"), tr("similarity")});
    styleTable(*m_answers);
    m_answers->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_answers->setSelectionMode(QAbstractItemView::SingleSelection);
    m_answers->setFixedHeight(AnswersHeight);
    auto* head = m_answers->horizontalHeader();
    head->setStretchLastSection(false);
    head->setSectionResizeMode(Text, QHeaderView::Stretch);
    head->resizeSection(Answer, 190);
    head->resizeSection(Similarity, 84);
    column->addWidget(m_answers);
    auto* chart = new QVBoxLayout;
    chart->setContentsMargins(12, 0, 12, 0);
    chart->setSpacing(4);
    m_histogram = new plots::ThresholdHistogram;
    m_histogram->setAccessibleName(tr("Similarity of each vector to its nearest other"));
    m_histogram->setQuantity(tr("similarity to the nearest other vector"));
    followTheme(*m_histogram, theme);
    chart->addWidget(m_histogram);
    m_counts = makeLabel(QString());
    m_counts->setObjectName(QStringLiteral("duplicateCounts"));
    m_counts->setWordWrap(true);
    chart->addWidget(m_counts);
    m_progress = new ProgressStrip;
    m_progress->setCanCancel(false); // another index or task ends it
    chart->addWidget(m_progress);
    column->addLayout(chart);
    m_review = new DuplicateReview(vectors, feed, theme);
    column->addWidget(m_review, 1);

    connect(m_histogram, &plots::ThresholdHistogram::thresholdMoved, &feed,
        &models::VectorDuplicateFeed::setThreshold);
    connect(&feed, &models::VectorDuplicateFeed::changed, this, &DuplicatesPane::refresh);
    connect(&feed, &models::VectorDuplicateFeed::progressChanged, this, &DuplicatesPane::refresh);
    connect(&feed, &models::VectorDuplicateFeed::answered, this, &DuplicatesPane::refreshAnswers);
    connect(&vectors, &models::VectorFeed::embedderChanged, this, &DuplicatesPane::refresh);
    connect(&vectors, &models::VectorFeed::acted, this, [this](const models::Outcome& outcome) {
        if (!outcome.ok)
            m_waiting.clear(); // the example must not go on after a refusal
    });
    refresh();
    refreshAnswers();
}

QWidget* DuplicatesPane::makeCheck()
{
    auto* box = new QWidget;
    auto* rows = new QVBoxLayout(box);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(6);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    auto* below = new QHBoxLayout;
    below->setSpacing(8);
    rows->addLayout(row);
    rows->addLayout(below);
    m_text = new QLineEdit;
    m_text->setObjectName(QStringLiteral("duplicateText"));
    m_text->setPlaceholderText(tr("Is this text a duplicate?"));
    m_text->setAccessibleName(tr("Text to check"));
    m_text->setClearButtonEnabled(true);
    m_check = new QPushButton(tr("Check"));
    m_check->setObjectName(QStringLiteral("checkDuplicate"));
    m_check->setToolTip(tr("Compares with the five nearest of doc_fingerprints; writes nothing"));
    setStyleRole(m_check, "primary");
    m_store = new QPushButton(tr("Check and store"));
    m_store->setObjectName(QStringLiteral("storeFingerprint"));
    m_example = new QPushButton(tr("The document's three"));
    m_example->setObjectName(QStringLiteral("documentExample"));
    setStyleRole(m_example, "quiet");
    m_example->setToolTip(tr("Checks and stores the three sentences of the document's example, one after the "
                             "other: the second should be a duplicate of the first"));
    row->addWidget(m_text, 1);
    row->addWidget(m_check);
    below->addWidget(m_store);
    below->addWidget(m_example);
    below->addStretch(1);
    connect(m_text, &QLineEdit::textChanged, this, &DuplicatesPane::refresh);
    const auto check = [this] {
        if (m_check->isEnabled())
            m_feed.check(m_text->text().trimmed().toStdString());
    };
    connect(m_text, &QLineEdit::returnPressed, this, check);
    connect(m_check, &QPushButton::clicked, this, check);
    connect(m_store, &QPushButton::clicked, this, [this] {
        m_feed.checkAndStore(
            "text-" + client::randomUuid().substr(0, 8), m_text->text().trimmed().toStdString());
    });
    connect(m_example, &QPushButton::clicked, this, &DuplicatesPane::example);
    return box;
}

// One after the other: the second is compared with the first, which must be stored by then.
void DuplicatesPane::example()
{
    m_waiting.assign(std::rbegin(Examples), std::rend(Examples));
    const auto next = m_waiting.back();
    m_waiting.pop_back();
    m_feed.checkAndStore(next.first, next.second);
}

void DuplicatesPane::focusText() { m_text->setFocus(Qt::ShortcutFocusReason); }

void DuplicatesPane::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    m_review->setReadOnly(readOnly);
    refresh();
}

void DuplicatesPane::refresh()
{
    if (!m_review)
        return; // still being made
    const bool can = m_vectors.embedder() != nullptr;
    const bool text = !m_text->text().trimmed().isEmpty();
    m_check->setEnabled(can && text);
    m_store->setEnabled(can && text && !m_readOnly);
    m_example->setEnabled(can && !m_readOnly);
    const auto& view = m_feed.view();
    if (m_feed.computing())
        m_progress->showProgress(tr("Comparing every vector with every other"), m_feed.progress());
    else
        m_progress->done();
    plots::ThresholdData shown;
    shown.threshold = m_feed.threshold();
    if (view) {
        shown.counts.assign(view->counts.begin(), view->counts.end());
        shown.from = view->from;
        shown.step = view->width;
        const QString pairs = tr("%n pair(s)", nullptr, int(view->pairs.size()));
        const QString clusters = tr("%n group(s)", nullptr, int(view->clusters.size()));
        QString counts = tr("%1 in %2; %3 of %4 vectors have a near-duplicate.")
                             .arg(pairs, clusters)
                             .arg(view->rowsInClusters)
                             .arg(view->examined);
        if (view->snapshot && view->examined < view->snapshot->matrix.rows())
            counts += tr(" A sample: the index has %1.").arg(view->snapshot->matrix.rows());
        m_counts->setText(counts);
    } else {
        m_counts->clear();
    }
    m_counts->setVisible(view != nullptr);
    m_histogram->setData(std::move(shown));
}

void DuplicatesPane::refreshAnswers()
{
    const auto& answers = m_feed.answers();
    m_answers->setVisible(!answers.empty());
    m_answers->setRowCount(int(answers.size()));
    for (int row = 0; row < int(answers.size()); ++row) {
        const auto& answer = answers[std::size_t(row)];
        const auto set = [&](int column, const QString& text) {
            auto* item = new QTableWidgetItem(text);
            item->setToolTip(plainToolTip(
                tr("%1\nby %2").arg(text, clippedLine(QString::fromStdString(answer.embedder)))));
            m_answers->setItem(row, column, item);
        };
        set(Text, clippedLine(QString::fromStdString(answer.text.substr(0, 512))));
        set(Answer,
            answer.check.duplicate ? tr("duplicate of %1").arg(idText(answer.check.of))
                : answer.stored    ? tr("new, stored")
                                   : tr("not a duplicate"));
        set(Similarity,
            answer.check.nearest.empty() ? QStringLiteral("–")
                                         : QString::number(answer.check.similarity, 'f', 3));
    }
    if (m_waiting.empty())
        return;
    const auto next = m_waiting.back();
    m_waiting.pop_back();
    m_feed.checkAndStore(next.first, next.second);
}

} // namespace norikv::widgets
