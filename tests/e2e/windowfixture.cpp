// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/e2e/windowfixture.h"

#include <QAbstractButton>
#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QTableView>
#include <QtTest/qtestkeyboard.h>
#include <QtTest/qtestmouse.h>

#include <fstream>

namespace norikv::tests {

WindowTest::~WindowTest() = default;

void WindowTest::open(QStringList arguments)
{
    arguments << QStringLiteral("--config") << QString::fromStdString(config.path().string());
    const auto options = app::parseCommandLine(arguments);
    ASSERT_TRUE(options) << options.error().message;
    m_application = std::make_unique<app::Application>(*qApp, *options);
    m_application->start();
}

void WindowTest::connectTo(const LiveServer& server, const QStringList& more)
{
    ASSERT_TRUE(server.ready());
    open(QStringList{QString::fromStdString(server.target())} + more);
    ASSERT_TRUE(waitFor([&] {
        return workspace() && workspace()->counters().state() == models::FeedState::Ready && online();
    }));
}

void WindowTest::saveProfile(const LiveServer& server, const std::string& members)
{
    std::ofstream(config / "settings.json")
        << R"({"version":1,"profiles":[{"id":"shop","name":"Shop","nodes":[{"address":")" << server.address()
        << R"(","http":""}])" << (members.empty() ? "" : ",") << members << "}]}";
}

QAbstractButton* WindowTest::button(const QString& caption)
{
    for (auto* found : window().findChildren<QAbstractButton*>()) {
        if (found->isVisible() && found->text() == caption)
            return found;
    }
    return nullptr;
}

void WindowTest::click(const char* objectName)
{
    auto& button = the<QAbstractButton>(objectName);
    ASSERT_TRUE(waitFor([&] { return button.isVisible() && button.isEnabled(); }, 3s))
        << objectName << (button.isVisible() ? " is disabled" : " is hidden");
    QTest::mouseClick(&button, Qt::LeftButton);
}

void WindowTest::clickCaption(const QString& caption)
{
    QAbstractButton* found = nullptr;
    ASSERT_TRUE(waitFor([&] { return (found = button(caption)) != nullptr; }, 3s))
        << caption.toStdString() << " is nowhere; the window says: " << everythingSaid().toStdString();
    // A notice slides in: the button is there before its place is.
    found->click();
}

void WindowTest::type(const char* objectName, const QString& text)
{
    auto& field = the<QWidget>(objectName);
    ASSERT_TRUE(field.isVisible() && field.isEnabled()) << objectName;
    QTest::keyClicks(&field, text);
}

bool WindowTest::says(const QString& words) { return everythingSaid().contains(words); }

QString WindowTest::everythingSaid()
{
    QStringList all;
    for (const auto* label : window().findChildren<QLabel*>()) {
        if (label->isVisible() && !label->text().isEmpty())
            all << label->text();
    }
    return all.join(QStringLiteral(" | "));
}

void WindowTest::openKeyByField(const QString& text)
{
    type("openField", text);
    QTest::keyClick(&the<QLineEdit>("openField"), Qt::Key_Return);
}

void WindowTest::select(const std::string& counter)
{
    auto& list = the<QTableView>("counterList");
    ASSERT_TRUE(waitFor([&] {
        for (int row = 0; row < list.model()->rowCount(); ++row) {
            if (list.model()->index(row, 0).data().toString().toStdString() != counter)
                continue;
            QTest::mouseClick(
                list.viewport(), Qt::LeftButton, {}, list.visualRect(list.model()->index(row, 0)).center());
            return workspace()->counters().selected() == counter;
        }
        return false;
    })) << counter;
}

bool WindowTest::online()
{
    return workspace()
        && workspace()->cluster().nodesUp() == int(workspace()->cluster().cluster().nodes.size());
}

} // namespace norikv::tests
