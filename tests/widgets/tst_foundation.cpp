// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/badge.h"
#include "widgets/card.h"
#include "widgets/charttheme.h"
#include "widgets/connectionchip.h"
#include "widgets/delegates/cellpainting.h"
#include "widgets/delegates/monodelegate.h"
#include "widgets/delegates/numberdelegate.h"
#include "widgets/delegates/outcomedelegate.h"
#include "widgets/elidedlabel.h"
#include "widgets/emptystate.h"
#include "widgets/icons.h"
#include "widgets/keyvaluelist.h"
#include "widgets/noticebar.h"
#include "widgets/plaintext.h"
#include "widgets/sectionheader.h"
#include "widgets/siderail.h"
#include "widgets/statcard.h"
#include "widgets/stylesheet.h"
#include "widgets/tabular.h"
#include "widgets/theme.h"

#include <QAbstractButton>
#include <QApplication>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QVBoxLayout>

#include <gtest/gtest.h>

using namespace norikv::widgets;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

const ThemeKind kinds[] = {ThemeKind::Light, ThemeKind::Dark};

QString plainSpaces(QString text) { return text.replace(QChar(0x2009), u' '); }

} // namespace

TEST(Tokens, TextToneContrast)
{
    for (int i = 0; i < 4; ++i) {
        const ThemeKind kind = kinds[i % 2];
        const Tokens& t = tokensFor(kind, i < 2 ? Accent::Usual : Accent::Scoped);
        for (const QColor& back : {t.surface, t.background, t.overlay, t.field}) {
            EXPECT_GE(contrastRatio(t.text, back), 7.0);
            EXPECT_GE(contrastRatio(t.muted, back), 4.5);
            EXPECT_GE(contrastRatio(t.accentText, back), 4.5);
        }
        for (const Tone tone :
            {Tone::Neutral, Tone::Ok, Tone::Warning, Tone::Danger, Tone::Info, Tone::Accent}) {
            const ToneColors c = t.tone(tone);
            for (const QColor& back : {t.surface, t.background, c.soft, t.selection})
                EXPECT_GE(contrastRatio(c.text, back), 4.5)
                    << int(kind) << ' ' << int(tone) << back.name().toStdString();
            EXPECT_GE(contrastRatio(c.strong, t.surface), 3.0) << int(kind) << ' ' << int(tone);
        }
        EXPECT_GE(contrastRatio(t.onAccent, t.accent), 4.5);
        EXPECT_GE(contrastRatio(t.text, t.selection), 7.0);
        EXPECT_GE(contrastRatio(t.disabledText, t.surface), 2.5) << "disabled is faded but not gone";
    }
}

TEST(Tokens, SeriesContrast)
{
    for (const ThemeKind kind : kinds) {
        const Tokens& t = tokensFor(kind);
        for (const QColor& color : t.series)
            EXPECT_GE(contrastRatio(color, t.surface), 3.0) << int(kind) << ' ' << color.name().toStdString();
    }
    EXPECT_NEAR(contrastRatio(Qt::black, Qt::white), 21.0, 0.01);
    EXPECT_NEAR(contrastRatio(Qt::red, Qt::red), 1.0, 0.01);
}

TEST(StyleSheet, EveryTokenIsReplaced)
{
    for (const ThemeKind kind : kinds) {
        const QString sheet = styleSheet(kind);
        EXPECT_NE(sheet, styleSheet(kind, Accent::Scoped));
        EXPECT_GT(sheet.size(), 1000);
        EXPECT_FALSE(sheet.contains(u'@'));
    }
    EXPECT_NE(styleSheet(ThemeKind::Light), styleSheet(ThemeKind::Dark));
}

TEST(Theme, AScopedWindowLooksUnlikeAnyOther)
{
    Theme theme(ThemePreference::Light);
    QSignalSpy changed(&theme, &Theme::changed);
    theme.setAccent(Accent::Scoped);
    theme.setAccent(Accent::Scoped);
    EXPECT_EQ(changed.count(), 1);
    EXPECT_NE(theme.tokens().accent, tokensFor(ThemeKind::Light).accent);
    EXPECT_EQ(theme.tokens().surface, tokensFor(ThemeKind::Light).surface);
    theme.setPreference(ThemePreference::Dark);
    EXPECT_EQ(theme.tokens().accent, tokensFor(ThemeKind::Dark, Accent::Scoped).accent);
    theme.setAccent(Accent::Usual);
    EXPECT_EQ(theme.tokens().accent, tokensFor(ThemeKind::Dark).accent);
}

TEST(Theme, SwitchesWithoutRestart)
{
    Theme theme(ThemePreference::Light);
    theme.apply(*qApp);
    QSignalSpy changed(&theme, &Theme::changed);
    theme.setPreference(ThemePreference::Dark);
    EXPECT_EQ(changed.count(), 1);
    EXPECT_EQ(QApplication::palette().color(QPalette::Window), tokensFor(ThemeKind::Dark).background);
    EXPECT_EQ(chartStyle(theme).surface, tokensFor(ThemeKind::Dark).surface);
    theme.setPreference(ThemePreference::Dark);
    EXPECT_EQ(changed.count(), 1) << "nothing changed, nothing said";
    qApp->setStyleSheet(QString());
}

TEST(Icons, AllRenderInTheAskedColour)
{
    EXPECT_GE(iconIds().size(), 45);
    for (const QString& id : iconIds()) {
        const QImage image = iconPixmap(id, QColor(255, 0, 0), 24, 2.0).toImage();
        EXPECT_EQ(image.size(), QSize(48, 48)) << id.toStdString();
        int inked = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x)
                inked += qAlpha(image.pixel(x, y)) > 128 ? 1 : 0;
        }
        EXPECT_GT(inked, 8) << id.toStdString();
    }
    EXPECT_TRUE(iconPixmap(u"no-such-icon"_s, Qt::red, 24, 1.0).isNull());
    EXPECT_FALSE(applicationIcon().pixmap(64, 64).isNull());
}

TEST(Tabular, DigitsShareOneWidth)
{
    for (const QFont& font : {Theme::baseFont(), Theme::smallFont(), Theme::monoFont()}) {
        EXPECT_EQ(tabularWidth(font, u"11:11"), tabularWidth(font, u"00:00"));
        EXPECT_EQ(tabularWidth(font, u"184 207"), tabularWidth(font, u"111 111"));
        EXPECT_EQ(tabularWidth(font, u""), 0);
    }
    TabularLabel one(u"11:11"_s);
    TabularLabel zero(u"00:00"_s);
    EXPECT_EQ(one.sizeHint(), zero.sizeHint());
}

TEST(NumberText, GroupDigits)
{
    const std::pair<qint64, QString> cases[] = {{0, u"0"_s}, {999, u"999"_s}, {1000, u"1 000"_s},
        {184207, u"184 207"_s}, {-1234567, u"−1 234 567"_s},
        {std::numeric_limits<qint64>::min(), u"−9 223 372 036 854 775 808"_s}};
    for (const auto& [value, text] : cases)
        EXPECT_EQ(plainSpaces(groupDigits(value)), text);
}

TEST(NumberText, ShortNumber)
{
    const std::pair<double, QString> cases[]
        = {{0, u"0"_s}, {9.5, u"9.5"_s}, {132, u"132"_s}, {999, u"999"_s}, {999.96, u"1k"_s}, {1000, u"1k"_s},
            {18420, u"18.4k"_s}, {999999, u"1M"_s}, {-1250000, u"−1.25M"_s}, {-0.001, u"0"_s}};
    for (const auto& [value, text] : cases)
        EXPECT_EQ(shortNumber(value).replace(u"−0"_s, u"0"_s), text) << value;
    EXPECT_EQ(shortNumber(std::numeric_limits<double>::quiet_NaN()), u"–"_s);
}

TEST(NumberText, DurationText)
{
    const std::pair<std::chrono::microseconds, QString> cases[] = {{0us, u"0 ms"_s}, {900us, u"0.9 ms"_s},
        {2100us, u"2.1 ms"_s}, {240ms, u"240 ms"_s}, {999999us, u"999 ms"_s}, {1s, u"1 s"_s},
        {48s, u"48 s"_s}, {59999ms, u"59 s"_s}, {60s, u"1 m 00 s"_s}, {1450s, u"24 m 10 s"_s},
        {64min, u"1 h 04 m"_s}, {28h, u"1 d 04 h"_s}, {-48s, u"−48 s"_s}};
    for (const auto& [value, text] : cases)
        EXPECT_EQ(plainSpaces(durationText(value)), text);
    EXPECT_EQ(plainSpaces(ageText(41min)), u"41 m"_s);
    EXPECT_EQ(plainSpaces(ageText(6 * 24h)), u"6 d"_s);
    EXPECT_EQ(plainSpaces(percentText(0.214)), u"21 %"_s);
    EXPECT_EQ(plainSpaces(percentText(0.004)), u"0.4 %"_s);
}

TEST(PlainText, ClipsAndNeverBecomesRich)
{
    EXPECT_EQ(clippedLine(QString(1 << 20, u'x')).size(), maxShownChars + 1);
    EXPECT_EQ(clippedLine(u"a\nb\x01"_s), u"a↵b·"_s);
    EXPECT_FALSE(plainToolTip(u"<img src='/etc/passwd'>").contains(u"<img"_s));
}

TEST(Foundation, NoLabelIsRich)
{
    Theme theme(ThemePreference::Light);
    QWidget window;
    auto* column = new QVBoxLayout(&window);
    const QString evil = u"<b>x</b>"_s;
    auto* card = new Card(evil);
    card->setSubtitle(evil);
    auto* stat = new StatCard(theme, evil);
    stat->setValue(evil, evil);
    auto* bar = new NoticeBar(theme);
    bar->showNotice({Tone::Info, evil, evil});
    auto* empty = new EmptyState(theme);
    empty->setContent(u"keys"_s, evil, evil);
    auto* header = new SectionHeader(evil);
    header->setRemark(evil);
    auto* list = new KeyValueList;
    list->setRows({{evil, evil, evil}});
    for (QWidget* widget : std::initializer_list<QWidget*>{card, stat, bar, empty, header, list,
             new SideRail(theme), new ConnectionChip(theme), new TabularLabel(evil), new ElidedLabel(evil)})
        column->addWidget(widget);
    const auto labels = window.findChildren<QLabel*>();
    EXPECT_GT(labels.size(), 10);
    for (const QLabel* label : labels)
        EXPECT_EQ(label->textFormat(), Qt::PlainText) << label->text().toStdString();
}

TEST(StatCard, SpeaksAndWraps)
{
    Theme theme(ThemePreference::Light);
    StatCard card(theme, u"CAS conflicts"_s);
    EXPECT_EQ(card.valueText(), u"–"_s);
    card.setValue(u"21"_s, u"%"_s);
    card.setBadge(Tone::Warning, u"add shards"_s);
    EXPECT_EQ(card.accessibleName(), u"CAS conflicts, 21 %, add shards"_s);
    card.show();
    card.resize(320, 70);
    QCoreApplication::processEvents();
    const int wide = card.heightForWidth(320);
    const int narrow = card.heightForWidth(120);
    EXPECT_GT(narrow, wide) << "the badge goes under the value";
    card.clearBadge();
    EXPECT_TRUE(card.badge()->isHidden());
}

TEST(NoticeBar, NewestWinsAndRepeatsCount)
{
    Theme theme(ThemePreference::Light);
    NoticeBar bar(theme);
    QSignalSpy closed(&bar, &NoticeBar::closed);
    QSignalSpy action(&bar, &NoticeBar::actionTriggered);
    EXPECT_FALSE(bar.isOpen());
    bar.showNotice({Tone::Danger, u"first"_s});
    bar.showNotice({Tone::Danger, u"first"_s});
    EXPECT_EQ(bar.repeats(), 2);
    bar.showNotice({Tone::Info, u"second"_s, u"Retry"_s});
    EXPECT_EQ(bar.text(), u"second"_s);
    EXPECT_EQ(bar.repeats(), 1);
    bar.findChild<QPushButton*>()->click();
    EXPECT_EQ(action.count(), 1);
    bar.findChild<QToolButton*>()->click();
    EXPECT_FALSE(bar.isOpen());
    EXPECT_EQ(closed.count(), 1);
    bar.closeNotice();
    EXPECT_EQ(closed.count(), 1) << "closing twice says nothing";
    bar.showNotice({Tone::Ok, u"third"_s, QString(), 10ms});
    EXPECT_TRUE(QTest::qWaitFor([&bar] { return !bar.isOpen(); }, 2000));
}

TEST(SideRail, Keyboard)
{
    Theme theme(ThemePreference::Light);
    SideRail rail(theme);
    rail.addEntry(u"overview"_s, u"overview"_s, u"Overview"_s);
    rail.addEntry(u"vectors"_s, u"vectors"_s, u"Vectors"_s);
    rail.addEntry(u"keys"_s, u"keys"_s, u"Keys"_s);
    rail.setUnavailable(u"vectors"_s, u"Not built yet"_s);
    rail.show();
    QSignalSpy spy(&rail, &SideRail::activated);
    rail.setCurrent(u"overview"_s);
    EXPECT_EQ(spy.count(), 0);
    rail.setCurrent(u"vectors"_s);
    EXPECT_EQ(rail.current(), u"overview"_s);

    auto* first = rail.findChild<QAbstractButton*>(u"rail-overview"_s);
    auto* missing = rail.findChild<QAbstractButton*>(u"rail-vectors"_s);
    EXPECT_TRUE(first->toolTip().contains(u"Ctrl+1"_s));
    EXPECT_TRUE(missing->toolTip().contains(u"Not built yet"_s));
    QTest::keyClick(first, Qt::Key_Down);
    EXPECT_EQ(rail.current(), u"keys"_s) << "the unavailable entry is skipped";
    QTest::keyClick(first, Qt::Key_Down);
    EXPECT_EQ(spy.count(), 1);
    QTest::keyClick(first, Qt::Key_Home);
    EXPECT_EQ(rail.current(), u"overview"_s);
    QTest::mouseClick(rail.findChild<QAbstractButton*>(u"rail-keys"_s), Qt::LeftButton);
    EXPECT_EQ(spy.last().at(0).toString(), u"keys"_s);
    rail.setAvailable(u"vectors"_s);
    EXPECT_TRUE(missing->isEnabled());
}

TEST(EmptyState, AtMostThreeActions)
{
    Theme theme(ThemePreference::Light);
    EmptyState state(theme);
    state.setContent(u"keys"_s, u"Nothing"_s, u"Do this."_s);
    EXPECT_EQ(state.addAction(u"a"_s)->property("role").toString(), u"primary"_s);
    EXPECT_NE(state.addAction(u"b"_s), nullptr);
    EXPECT_NE(state.addAction(u"c"_s), nullptr);
    EXPECT_EQ(state.addAction(u"d"_s), nullptr);
    state.clearActions();
    EXPECT_NE(state.addAction(u"d"_s), nullptr);
}

TEST(KeyValueList, KeepsItsRowWidgets)
{
    KeyValueList list;
    list.setRows({{u"a"_s, u"1"_s}, {u"b"_s, u"2"_s}});
    const auto before = list.findChildren<QFrame*>(QString(), Qt::FindDirectChildrenOnly);
    list.setRows({{u"a"_s, u"3"_s}, {u"c"_s, u"4"_s}});
    EXPECT_EQ(list.findChildren<QFrame*>(QString(), Qt::FindDirectChildrenOnly), before);
    list.setRows({});
    EXPECT_EQ(list.rowCount(), 0);
}

TEST(Delegates, OutcomeGeometryStaysInside)
{
    for (const QRect& cell :
        {QRect(10, 20, 200, 27), QRect(0, 0, 30, 20), QRect(5, 5, 10, 10), QRect(0, 0, 0, 0)}) {
        for (const auto direction : {Qt::LeftToRight, Qt::RightToLeft}) {
            const OutcomeGeometry at = outcomeGeometry(cell, 16, direction);
            EXPECT_TRUE(at.icon.isEmpty() || cell.contains(at.icon));
            EXPECT_TRUE(at.text.isEmpty() || cell.contains(at.text));
            EXPECT_FALSE(at.icon.intersects(at.text));
        }
    }
    const OutcomeGeometry at = outcomeGeometry(QRect(0, 0, 200, 28), 16);
    EXPECT_EQ(at.icon, QRect(cellPadding, 6, 16, 16));
    const OutcomeGeometry mirrored = outcomeGeometry(QRect(0, 0, 200, 28), 16, Qt::RightToLeft);
    EXPECT_EQ(mirrored.icon.right(), 199 - cellPadding);
}

TEST(Delegates, HostileTextIsClipped)
{
    const QString huge(1 << 20, u'x');
    EXPECT_LE(MonoDelegate().displayText(huge, QLocale()).size(), maxShownChars + 1);
    EXPECT_LE(NumberDelegate().displayText(huge, QLocale()).size(), maxShownChars + 1);
    EXPECT_EQ(plainSpaces(NumberDelegate().displayText(184207, QLocale())), u"184 207"_s);
}
