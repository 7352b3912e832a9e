// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/golden/picture.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QWidget>

#include <memory>

namespace norikv::test {

/// One theme applied, fonts there, no caret in the picture.
class ThemedPicture : public ::testing::TestWithParam<widgets::ThemePreference> {
protected:
    void SetUp() override
    {
        if (!fontsInstalled())
            GTEST_SKIP()
                << "pictures need the fonts Inter and JetBrains Mono (fonts-inter, fonts-jetbrains-mono)";
        m_theme = std::make_unique<widgets::Theme>(GetParam());
        m_theme->setReducedMotion(true);
        m_theme->apply(*qApp);
    }

    const widgets::Theme& theme() const { return *m_theme; }
    QString named(const char* page) const
    {
        return QString::fromLatin1(page)
            + (GetParam() == widgets::ThemePreference::Dark ? QStringLiteral("-dark")
                                                            : QStringLiteral("-light"));
    }
    static void show(QWidget& widget, int width, int height)
    {
        widget.resize(width, height);
        widget.show();
        QCoreApplication::processEvents();
        if (auto* focused = QApplication::focusWidget())
            focused->clearFocus();
        QCoreApplication::processEvents();
    }

private:
    std::unique_ptr<widgets::Theme> m_theme;
};

} // namespace norikv::test
