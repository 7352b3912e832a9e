// SPDX-License-Identifier: GPL-3.0-or-later
// The least a Qt program can be: one window. Says `first-paint` once it is painted and ends.
#include <QApplication>
#include <QMainWindow>
#include <QTimer>

#include <unistd.h>

#include <string_view>

namespace {

class Window final : public QMainWindow {
    void paintEvent(QPaintEvent* event) override
    {
        QMainWindow::paintEvent(event);
        QTimer::singleShot(0, this, [] {
            constexpr std::string_view line = "first-paint\n";
            ::_exit(::write(STDERR_FILENO, line.data(), line.size()) > 0 ? 0 : 1);
        });
    }
};

} // namespace

int main(int argc, char** argv)
{
    const QApplication application(argc, argv);
    Window window;
    window.resize(1280, 800);
    window.show();
    return QApplication::exec();
}
