// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/keyfilterbar.h"

#include "models/keylistmodel.h"
#include "widgets/icons.h"
#include "widgets/plaintext.h"
#include "widgets/theme.h"

#include <QAction>
#include <QButtonGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

#include <map>

namespace norikv::widgets {

using models::KeyFilter;

namespace {

QToolButton* toggle(const QString& text, const QString& tip, const char* name)
{
    auto* button = new QToolButton;
    button->setText(text);
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    button->setCheckable(true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setObjectName(QString::fromLatin1(name));
    return button;
}

/// Kinds by the name they are shown with; several share one.
std::map<QString, std::set<client::KeyKind>> namedKinds()
{
    std::map<QString, std::set<client::KeyKind>> named;
    for (int i = 0; i < int(client::KeyKind::Other); ++i)
        named[models::kindText(client::KeyKind(i))].insert(client::KeyKind(i));
    return named;
}

} // namespace

KeyFilterBar::KeyFilterBar(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_row(new QHBoxLayout)
    , m_field(new QLineEdit)
    , m_mode(new QComboBox)
    , m_kindButton(new QToolButton)
    , m_noExpiry(toggle(tr("No expiry"), tr("Only keys that never expire"), "onlyWithoutExpiry"))
    , m_favourites(toggle({}, tr("Only favourites"), "onlyFavourites"))
    , m_asTree(toggle(tr("Folders"), tr("Group keys at the colon"), "asTree"))
    , m_asList(toggle(tr("List"), tr("Every key in a row, sorted by any column"), "asList"))
    , m_problem(makeLabel({}, "caption"))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    m_row->setSpacing(6);
    m_field->setObjectName(QStringLiteral("keyFilter"));
    m_field->setPlaceholderText(tr("Filter keys"));
    m_field->setAccessibleName(tr("Filter keys"));
    m_field->setClearButtonEnabled(true);
    m_field->setMaxLength(1024);
    m_mode->setObjectName(QStringLiteral("keyFilterMode"));
    m_mode->setAccessibleName(tr("How the filter is read"));
    m_mode->addItem(tr("contains"), int(KeyFilter::Mode::Substring));
    m_mode->addItem(tr("begins with"), int(KeyFilter::Mode::Prefix));
    m_mode->addItem(tr("glob"), int(KeyFilter::Mode::Glob));
    m_mode->addItem(tr("regex"), int(KeyFilter::Mode::Regex));
    const QStringList meanings{tr("The key has this in it"), tr("The key begins with this"),
        tr("* any bytes, ? one byte, [a-z] one of these"),
        tr("A regular expression that matches in the key")};
    for (int i = 0; i < meanings.size(); ++i)
        m_mode->setItemData(i, meanings[i], Qt::ToolTipRole);
    bindIcon(m_favourites, QStringLiteral("star"), theme);
    m_row->addWidget(m_mode);
    m_row->addWidget(m_field, 1);
    makeKinds();
    m_row->addWidget(m_kindButton);
    m_row->addWidget(m_noExpiry);
    m_row->addWidget(m_favourites);
    m_row->addSpacing(8);
    auto* either = new QButtonGroup(this);
    for (QToolButton* button : {m_asTree, m_asList}) {
        either->addButton(button);
        m_row->addWidget(button);
    }
    m_asTree->setChecked(true);
    column->addLayout(m_row);
    m_problem->setObjectName(QStringLiteral("keyFilterProblem"));
    m_problem->hide();
    column->addWidget(m_problem);
    const auto colour = [this, &theme] {
        m_problem->setStyleSheet(QStringLiteral("color: %1").arg(theme.tokens().danger.text.name()));
    };
    connect(&theme, &Theme::changed, this, colour);
    colour();

    connect(m_field, &QLineEdit::textChanged, this, &KeyFilterBar::announce);
    connect(m_mode, &QComboBox::currentIndexChanged, this, &KeyFilterBar::announce);
    connect(m_noExpiry, &QToolButton::toggled, this, &KeyFilterBar::announce);
    connect(m_favourites, &QToolButton::toggled, this, &KeyFilterBar::announce);
    connect(m_asTree, &QToolButton::toggled, this, [this](bool on) {
        if (!m_quiet)
            Q_EMIT treeChanged(on);
    });
}

void KeyFilterBar::makeKinds()
{
    m_kindButton->setObjectName(QStringLiteral("keyKinds"));
    m_kindButton->setPopupMode(QToolButton::InstantPopup);
    m_kindButton->setFocusPolicy(Qt::TabFocus);
    m_kindButton->setToolTip(tr("Only keys of these kinds"));
    auto* menu = new QMenu(m_kindButton);
    auto* any = menu->addAction(tr("Any kind"));
    connect(any, &QAction::triggered, this, [this] {
        m_kinds.clear();
        refreshKinds();
        announce();
    });
    menu->addSeparator();
    for (const auto& [name, kinds] : namedKinds()) {
        auto* action = menu->addAction(name);
        action->setCheckable(true);
        connect(action, &QAction::triggered, this, [this, kinds = kinds](bool on) {
            for (const auto kind : kinds) {
                if (on)
                    m_kinds.insert(kind);
                else
                    m_kinds.erase(kind);
            }
            refreshKinds();
            announce();
        });
    }
    m_kindButton->setMenu(menu);
    refreshKinds();
}

void KeyFilterBar::refreshKinds()
{
    QStringList chosen;
    const auto named = namedKinds();
    for (QAction* action : m_kindButton->menu()->actions()) {
        const auto kinds = named.find(action->text());
        if (kinds == named.end())
            continue;
        const bool on = m_kinds.contains(*kinds->second.begin());
        action->setChecked(on);
        if (on)
            chosen << action->text();
    }
    m_kindButton->setText(chosen.isEmpty() ? tr("Any kind ▾")
            : chosen.size() == 1           ? tr("%1 ▾").arg(chosen.front())
                                           : tr("%1 kinds ▾").arg(chosen.size()));
}

KeyFilter KeyFilterBar::filter() const
{
    KeyFilter filter;
    filter.mode = KeyFilter::Mode(m_mode->currentData().toInt());
    filter.text = m_field->text();
    filter.kinds = m_kinds;
    filter.onlyFavourites = m_favourites->isChecked();
    filter.onlyWithoutExpiry = m_noExpiry->isChecked();
    return filter;
}

void KeyFilterBar::setFilter(const KeyFilter& filter)
{
    m_quiet = true;
    m_mode->setCurrentIndex(m_mode->findData(int(filter.mode)));
    m_field->setText(filter.text);
    m_kinds = filter.kinds;
    refreshKinds();
    m_favourites->setChecked(filter.onlyFavourites);
    m_noExpiry->setChecked(filter.onlyWithoutExpiry);
    m_quiet = false;
    setProblem({});
}

void KeyFilterBar::addTrailing(QWidget* widget) { m_row->addWidget(widget); }

bool KeyFilterBar::tree() const { return m_asTree->isChecked(); }

void KeyFilterBar::setTree(bool tree)
{
    m_quiet = true;
    (tree ? m_asTree : m_asList)->setChecked(true);
    m_quiet = false;
}

void KeyFilterBar::setProblem(const QString& problem)
{
    m_field->setProperty("invalid", !problem.isEmpty());
    m_field->style()->polish(m_field);
    m_problem->setText(clippedLine(problem));
    m_problem->setVisible(!problem.isEmpty());
}

void KeyFilterBar::setSubject(const QString& owner)
{
    m_field->setPlaceholderText(
        owner.isEmpty() ? tr("Filter keys") : tr("Filter keys of %1").arg(clippedLine(owner)));
    m_field->setAccessibleName(m_field->placeholderText());
}

void KeyFilterBar::focusField()
{
    m_field->setFocus(Qt::ShortcutFocusReason);
    m_field->selectAll();
}

void KeyFilterBar::announce()
{
    if (m_quiet)
        return;
    setProblem({});
    Q_EMIT filterChanged(filter());
}

} // namespace norikv::widgets
