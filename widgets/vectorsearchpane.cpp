// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/vectorsearchpane.h"

#include "client/bytes.h"
#include "models/errortext.h"
#include "widgets/badge.h"
#include "widgets/flowlayout.h"
#include "widgets/frontierpane.h"
#include "widgets/plaintext.h"
#include "widgets/rankpane.h"
#include "widgets/theme.h"
#include "widgets/vectorresults.h"
#include "widgets/vectorwords.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSpinBox>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

namespace norikv::widgets {

namespace {

constexpr int MostResults = 1000;
constexpr double GoodRecall = 0.95;

/// Numbers between commas, blanks and brackets; empty when one of them is none.
std::vector<float> numbersOf(const QString& text)
{
    static const QRegularExpression between(QStringLiteral("[\\s,;\\[\\]]+"));
    std::vector<float> numbers;
    for (const QString& word : text.split(between, Qt::SkipEmptyParts)) {
        bool ok = false;
        numbers.push_back(word.toFloat(&ok));
        if (!ok)
            return {};
    }
    return numbers;
}

} // namespace

VectorSearchPane::VectorSearchPane(
    models::VectorFeed& vectors, models::VectorSearchFeed& search, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_vectors(vectors)
    , m_search(search)
{
    setObjectName(QStringLiteral("vectorSearchPane"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 0);
    column->setSpacing(8);
    auto* question = new QVBoxLayout;
    question->setContentsMargins(12, 0, 12, 0);
    question->setSpacing(8);
    question->addWidget(makeQuestion());
    question->addWidget(makeOptions());
    column->addLayout(question);

    auto* truth = new QHBoxLayout;
    truth->setContentsMargins(12, 0, 12, 0);
    truth->setSpacing(10);
    m_recall = new Badge(theme);
    m_recall->setObjectName(QStringLiteral("recall"));
    m_recall->setToolTip(tr("How many of the true nearest the server gave. The truth is computed here: every "
                            "known vector is compared, without any index."));
    m_facts = makeLabel(QString(), "caption");
    m_facts->setObjectName(QStringLiteral("resultFacts"));
    m_facts->setWordWrap(true);
    truth->addWidget(m_recall);
    truth->addWidget(m_facts, 1);
    column->addLayout(truth);

    m_views = new QTabBar;
    m_views->setObjectName(QStringLiteral("searchViews"));
    m_views->setProperty("role", QStringLiteral("views"));
    m_views->setExpanding(false);
    m_views->addTab(tr("Results"));
    m_views->addTab(tr("Recall and time"));
    m_views->addTab(tr("Ranks"));
    m_views->setTabToolTip(1, tr("What asking for more neighbours gives, and what it costs"));
    m_views->setTabToolTip(2, tr("Where two answers to the same question disagree"));
    auto* tabs = new QHBoxLayout;
    tabs->setContentsMargins(12, 0, 12, 0);
    tabs->addWidget(m_views);
    tabs->addStretch(1);
    column->addLayout(tabs);
    m_stack = new QStackedWidget;
    auto* list = new QWidget;
    auto* listColumn = new QVBoxLayout(list);
    listColumn->setContentsMargins(0, 0, 0, 0);
    m_results = new VectorResults(theme);
    m_state = makeLabel(QString(), "muted");
    m_state->setObjectName(QStringLiteral("searchState"));
    m_state->setAlignment(Qt::AlignCenter);
    m_state->setWordWrap(true);
    m_state->setContentsMargins(24, 24, 24, 24);
    listColumn->addWidget(m_results, 1);
    listColumn->addWidget(m_state, 1);
    m_stack->addWidget(list);
    m_frontier = new FrontierPane(search, theme);
    m_stack->addWidget(m_frontier);
    m_ranks = new RankPane(vectors, search, theme);
    m_stack->addWidget(m_ranks);
    column->addWidget(m_stack, 1);

    connect(m_views, &QTabBar::currentChanged, m_stack, &QStackedWidget::setCurrentIndex);
    connect(&search, &models::VectorSearchFeed::changed, this, &VectorSearchPane::refresh);
    connect(&vectors, &models::VectorFeed::embedderChanged, this, &VectorSearchPane::refresh);
    connect(&vectors, &models::VectorFeed::chosenChanged, this, &VectorSearchPane::refresh);
    connect(&vectors, &models::VectorFeed::loadChanged, this, &VectorSearchPane::refresh);
    connect(m_results, &VectorResults::similarRequested, this, &VectorSearchPane::searchId);
    connect(m_ranks, &RankPane::idActivated, m_results, &VectorResults::setCurrentId);
    connect(m_frontier, &FrontierPane::askedChosen, this, [this](quint32 asked) {
        const int times = std::max(1, int(asked) / std::max(1, m_k->value()));
        m_overFetch->setCurrentIndex(std::max(0, m_overFetch->findData(times)));
        m_views->setCurrentIndex(0);
        ask();
    });
    refreshField();
    refresh();
}

QWidget* VectorSearchPane::makeQuestion()
{
    auto* box = new QWidget;
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    m_by = new QComboBox;
    m_by->setObjectName(QStringLiteral("searchBy"));
    m_by->setAccessibleName(tr("Search with"));
    m_by->addItem(tr("Text"));
    m_by->addItem(tr("Id"));
    m_by->addItem(tr("Vector"));
    m_by->setItemData(Text, tr("The text is made a vector, by what the panel's top names"), Qt::ToolTipRole);
    m_by->setItemData(Id, tr("What is near a vector that is there already"), Qt::ToolTipRole);
    m_by->setItemData(Vector, tr("Numbers as they are, with commas or blanks between them"), Qt::ToolTipRole);
    m_text = new QLineEdit;
    m_text->setObjectName(QStringLiteral("searchText"));
    m_text->setClearButtonEnabled(true);
    m_go = new QPushButton(tr("Search"));
    m_go->setObjectName(QStringLiteral("searchGo"));
    setStyleRole(m_go, "primary");
    row->addWidget(m_by);
    row->addWidget(m_text, 1);
    row->addWidget(m_go);
    connect(m_by, &QComboBox::currentIndexChanged, this, &VectorSearchPane::refreshField);
    connect(m_text, &QLineEdit::returnPressed, this, &VectorSearchPane::ask);
    connect(m_text, &QLineEdit::textChanged, this, &VectorSearchPane::refresh);
    connect(m_text, &QLineEdit::textEdited, this, &VectorSearchPane::edited);
    connect(m_go, &QPushButton::clicked, this, [this] {
        if (m_search.searching())
            m_search.cancel();
        else
            ask();
    });
    return box;
}

QWidget* VectorSearchPane::makeOptions()
{
    auto* box = new QWidget;
    auto* row = new FlowLayout(8, 6);
    box->setLayout(row);
    const auto pair = [row](const QString& words, QWidget* field, const QString& tip) {
        auto* both = new QWidget;
        auto* line = new QHBoxLayout(both);
        line->setContentsMargins(0, 0, 4, 0);
        line->setSpacing(6);
        auto* label = makeLabel(words, "muted");
        label->setToolTip(tip);
        field->setToolTip(tip);
        field->setAccessibleName(words);
        line->addWidget(label);
        line->addWidget(field);
        row->addWidget(both);
    };
    m_k = new QSpinBox;
    m_k->setObjectName(QStringLiteral("searchK"));
    m_k->setRange(1, MostResults);
    m_k->setValue(10);
    pair(tr("Show the best"), m_k, tr("How many results (k)"));
    m_overFetch = new QComboBox;
    m_overFetch->setObjectName(QStringLiteral("searchOverFetch"));
    m_overFetch->addItem(tr("as many"), 1);
    for (const int times : {2, 4, 8})
        m_overFetch->addItem(tr("%1 ×").arg(times), times);
    pair(tr("Ask for"), m_overFetch,
        tr("Asking the server for more and keeping the exact best raises the recall: it cannot be told to "
           "search harder"));
    m_consistency = new QComboBox;
    m_consistency->setObjectName(QStringLiteral("searchConsistency"));
    m_consistency->addItem(tr("strong"), int(client::Consistency::Strong));
    m_consistency->addItem(tr("eventual"), int(client::Consistency::Eventual));
    m_consistency->addItem(tr("bounded"), int(client::Consistency::BoundedStaleness));
    pair(tr("Read"), m_consistency, tr("How new the answer must be: strong, eventual, or of bounded staleness"));
    connect(m_k, &QSpinBox::valueChanged, this, &VectorSearchPane::refresh);
    connect(m_overFetch, &QComboBox::currentIndexChanged, this, &VectorSearchPane::refresh);
    return box;
}

void VectorSearchPane::focusQuery()
{
    m_text->setFocus(Qt::ShortcutFocusReason);
    m_text->selectAll();
}

void VectorSearchPane::searchText(const QString& text)
{
    m_by->setCurrentIndex(Text);
    m_text->setText(text);
    m_text->setCursorPosition(0); // its beginning is what one reads
    ask();
}

void VectorSearchPane::searchId(const std::string& id)
{
    m_by->setCurrentIndex(Id);
    m_text->setText(QString::fromStdString(client::printable(id)));
    m_views->setCurrentIndex(0);
    ask();
}

void VectorSearchPane::toggleTable()
{
    if (m_stack->currentWidget() == m_frontier)
        m_frontier->toggleTable();
    else if (m_stack->currentWidget() == m_ranks)
        m_ranks->toggleTable();
}

void VectorSearchPane::ask()
{
    const QString text = m_text->text().trimmed();
    if (!m_go->isEnabled() || text.isEmpty())
        return;
    models::VectorQuery query;
    query.k = static_cast<std::uint32_t>(m_k->value());
    query.overFetch = static_cast<std::uint32_t>(m_overFetch->currentData().toInt());
    query.consistency = client::Consistency(m_consistency->currentData().toInt());
    switch (m_by->currentIndex()) {
    case Text:
        query.text = text.toStdString();
        break;
    case Id:
        if (const auto id = client::fromPrintable(text.toStdString()))
            query.id = *id;
        break;
    default:
        query.vector = numbersOf(text);
        break;
    }
    m_search.search(query);
    refresh();
}

void VectorSearchPane::refreshField()
{
    static const char* const examples[] = {QT_TR_NOOP("What are you looking for?"),
        QT_TR_NOOP("Id of a vector, e.g. doc1"), QT_TR_NOOP("0.12, -0.03, 0.4 …")};
    const int by = std::max(0, m_by->currentIndex());
    m_text->setPlaceholderText(tr(examples[by]));
    m_text->setAccessibleName(m_by->currentText());
    refresh();
}

void VectorSearchPane::refresh()
{
    if (!m_ranks)
        return; // still being made
    const bool searching = m_search.searching();
    m_go->setText(searching ? tr("Cancel") : tr("Search"));
    QString why; // the question cannot be asked
    if (m_by->currentIndex() == Text && !m_vectors.embedder())
        why = tr("Texts need something that makes vectors of them: choose it at the top, or search by id.");
    else if (m_by->currentIndex() == Text)
        why = m_vectors.mismatch();
    else if (m_by->currentIndex() == Vector && !m_text->text().trimmed().isEmpty()
        && numbersOf(m_text->text()).empty())
        why = tr("Numbers only, with commas or blanks between them.");
    m_go->setEnabled(searching || (why.isEmpty() && !m_vectors.chosen().empty()));
    m_go->setToolTip(why);
    const auto k = static_cast<std::uint32_t>(m_k->value());
    m_frontier->setUsed(k, k * static_cast<std::uint32_t>(m_overFetch->currentData().toInt()));

    const auto& result = m_search.result();
    const auto& error = m_search.error();
    m_results->setVisible(result != nullptr);
    m_state->setVisible(result == nullptr);
    if (error) {
        m_recall->setBadge(Tone::Danger, tr("no answer"));
        const auto words = models::errorText(*error, tr("search"));
        m_facts->setText(words.line());
    }
    if (!result) {
        if (!error) {
            m_recall->clear();
            m_facts->clear();
        }
        m_state->setText(searching ? tr("Searching …")
                : !why.isEmpty()   ? why
                                   : tr("Type what you look for. Each answer comes with its recall: how many "
                                          "of the true nearest are in it."));
        return;
    }
    if (!error) {
        const bool good = result->recall && *result->recall >= GoodRecall;
        m_recall->setBadge(!result->recall ? Tone::Neutral
                : good                     ? Tone::Ok
                                           : Tone::Warning,
            recallText(*result));
        m_facts->setText(searching ? tr("Searching …") : resultFacts(*result));
    }
    if (m_shown.lock() == result)
        return;
    m_shown = result;
    m_results->setLines(
        resultLines(*result), scoreName(result->index.distance), scoreTip(result->index.distance));
}

QVariantMap VectorSearchPane::place() const
{
    return {{QStringLiteral("text"), m_text->text().left(1000)}, {QStringLiteral("by"), m_by->currentIndex()},
        {QStringLiteral("k"), m_k->value()}, {QStringLiteral("times"), m_overFetch->currentData()}};
}

void VectorSearchPane::setPlace(const QVariantMap& place)
{
    m_by->setCurrentIndex(std::clamp(place.value(QStringLiteral("by")).toInt(), 0, m_by->count() - 1));
    m_text->setText(place.value(QStringLiteral("text")).toString().left(1000));
    m_k->setValue(place.value(QStringLiteral("k"), 10).toInt());
    m_overFetch->setCurrentIndex(
        std::max(0, m_overFetch->findData(place.value(QStringLiteral("times")).toInt())));
}

} // namespace norikv::widgets
