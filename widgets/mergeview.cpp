// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/mergeview.h"

#include "models/valuelayout.h"
#include "widgets/elidedlabel.h"
#include "widgets/flowlayout.h"
#include "widgets/plaintext.h"
#include "widgets/theme.h"

#include "client/decode/diff.h"

#include <QButtonGroup>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace norikv::widgets {

using client::MergeSide;

namespace {

constexpr std::size_t MostLines = 6;
constexpr std::size_t MostCards = 200; ///< the rest takes what is chosen for all

/// A value of one side: a few lines in monospace.
QWidget* valueOf(const std::optional<client::Bytes>& value)
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(26, 0, 0, 0);
    column->setSpacing(1);
    if (!value) {
        column->addWidget(makeLabel(MergeView::tr("not there"), "muted"));
        return box;
    }
    const auto lines = client::splitLines(*value);
    if (lines.empty())
        column->addWidget(makeLabel(MergeView::tr("empty"), "muted"));
    for (std::size_t i = 0; i < std::min(lines.size(), MostLines); ++i) {
        auto* line = new ElidedLabel(models::shownLine(lines[i]));
        line->setFont(Theme::monoFont());
        column->addWidget(line);
    }
    if (lines.size() > MostLines)
        column->addWidget(
            makeLabel(MergeView::tr("… %n more line(s)", nullptr, int(lines.size() - MostLines)), "caption"));
    return box;
}

} // namespace

MergeView::MergeView(QWidget* parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("mergeView"));
    setAccessibleName(tr("Merge"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_summary = makeLabel(QString());
    m_summary->setWordWrap(true);
    column->addWidget(m_summary);
    m_all = new QWidget;
    auto* all = new QHBoxLayout(m_all);
    all->setContentsMargins(0, 0, 0, 0);
    for (const auto side : {MergeSide::Theirs, MergeSide::Mine}) {
        auto* button = new QPushButton(side == MergeSide::Mine ? tr("All mine") : tr("All theirs"));
        setStyleRole(button, "quiet");
        connect(button, &QPushButton::clicked, this, [this, side] { chooseAll(side); });
        all->addWidget(button);
    }
    all->addStretch(1);
    column->addWidget(m_all);
    auto* scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* inner = new QWidget;
    m_list = new QVBoxLayout(inner);
    m_list->setContentsMargins(0, 0, 0, 0);
    m_list->setSpacing(8);
    m_list->addStretch(1);
    scroll->setWidget(inner);
    column->addWidget(scroll, 1);
    auto* foot = new QWidget;
    auto* buttons = new FlowLayout(8, 8);
    buttons->setContentsMargins(0, 0, 0, 0);
    foot->setLayout(buttons);
    m_use = new QPushButton(tr("Use the merged value"));
    m_use->setObjectName(QStringLiteral("useMerged"));
    setStyleRole(m_use, "primary");
    auto* back = new QPushButton(tr("Back to my edit"));
    back->setObjectName(QStringLiteral("backToEdit"));
    buttons->addWidget(m_use);
    buttons->addWidget(back);
    column->addWidget(foot);
    connect(m_use, &QPushButton::clicked, this, &MergeView::accepted);
    connect(back, &QPushButton::clicked, this, &MergeView::rejected);
}

void MergeView::setMerge(const client::Merge& merge)
{
    for (auto* card : m_cards) {
        m_list->removeWidget(card);
        card->hide();
        card->deleteLater();
    }
    m_cards.clear();
    m_choose.clear();
    m_sides.assign(merge.conflicts.size(), std::nullopt);
    for (std::size_t i = 0; i < std::min(merge.conflicts.size(), MostCards); ++i)
        addConflict(merge.conflicts[i], i);
    const QString alone = tr("%1 changed by you and %2 changed by others went together.")
                              .arg(tr("%n place(s)", nullptr, int(merge.fromMine)),
                                  tr("%n place(s)", nullptr, int(merge.fromTheirs)));
    m_summary->setText(merge.conflicts.empty() ? alone + QLatin1Char(' ') + tr("Nothing is in conflict.")
                                               : alone + QLatin1Char(' ')
                + tr("Both changed %n place(s): choose.", nullptr, int(merge.conflicts.size())));
    m_all->setVisible(merge.conflicts.size() > 1);
    refresh();
}

void MergeView::addConflict(const client::MergeConflict& conflict, std::size_t index)
{
    auto* card = new QFrame;
    setStyleRole(card, "card");
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(12, 10, 12, 10);
    column->setSpacing(4);
    auto* where = new ElidedLabel(models::shownLine(conflict.where), Qt::ElideMiddle);
    QFont font = Theme::monoFont();
    font.setWeight(QFont::DemiBold);
    where->setFont(font);
    column->addWidget(where);
    const QString was = conflict.base ? models::shownLine(client::splitLines(*conflict.base).empty()
                                ? std::string_view()
                                : client::splitLines(*conflict.base).front())
                                      : tr("not there");
    auto* before = new ElidedLabel(tr("was: %1").arg(was));
    setStyleRole(before, "caption");
    column->addWidget(before);
    auto* group = new QButtonGroup(card);
    std::map<MergeSide, QRadioButton*> buttons;
    for (const auto side : {MergeSide::Theirs, MergeSide::Mine}) {
        const bool mine = side == MergeSide::Mine;
        auto* button = new QRadioButton(mine ? tr("Mine") : tr("Theirs"));
        button->setObjectName(
            QStringLiteral("%1%2").arg(mine ? QStringLiteral("mine") : QStringLiteral("theirs")).arg(index));
        button->setAccessibleName(tr("%1 for %2").arg(button->text(), where->text()));
        group->addButton(button);
        column->addWidget(button);
        column->addWidget(valueOf(mine ? conflict.mine : conflict.theirs));
        connect(button, &QRadioButton::toggled, this, [this, index, side](bool on) {
            if (on)
                m_sides[index] = side;
            refresh();
        });
        buttons[side] = button;
    }
    m_choose.push_back([buttons](MergeSide side) { buttons.at(side)->setChecked(true); });
    m_cards.push_back(card);
    m_list->insertWidget(m_list->count() - 1, card);
}

void MergeView::chooseAll(MergeSide side)
{
    for (const auto& choose : m_choose)
        choose(side);
    std::ranges::fill(m_sides, side);
    refresh();
}

bool MergeView::decided() const
{
    return std::ranges::all_of(m_sides, [](const auto& side) { return side.has_value(); });
}

std::vector<MergeSide> MergeView::sides() const
{
    std::vector<MergeSide> out;
    for (const auto& side : m_sides)
        out.push_back(side.value_or(MergeSide::Theirs));
    return out;
}

void MergeView::refresh()
{
    m_use->setEnabled(decided());
    m_use->setToolTip(decided() ? QString() : tr("Choose a side for every conflict first"));
}

} // namespace norikv::widgets
