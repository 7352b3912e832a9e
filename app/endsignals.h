// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QSocketNotifier;

namespace norikv::app {

/// SIGTERM and SIGINT end the program as closing its window does: settings are saved, the demo's folder is
/// removed. At most one at a time; make it after the QApplication.
class EndSignals final : public QObject {
    Q_OBJECT

public:
    explicit EndSignals(QObject* parent = nullptr);
    ~EndSignals() override;

private:
    QSocketNotifier* m_notifier = nullptr;
};

} // namespace norikv::app
