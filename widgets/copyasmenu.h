// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/copyas.h"

#include <QMenu>

#include <functional>

namespace norikv::widgets {

/// "Copy as": one operation as source text or as a command. What a language cannot say is shown, disabled,
/// with the reason.
class CopyAsMenu : public QMenu {
    Q_OBJECT

public:
    /// Asked when the menu opens. An error is shown instead of the languages.
    using Provider = std::function<client::Result<client::ShownOperation>()>;

    CopyAsMenu(Provider provider, client::CopyTarget target, QWidget* parent = nullptr);

    /// Adds the menu to a view's context actions, and Ctrl+Shift+C that opens it there.
    void addTo(QWidget& view);
    /// Fills the menu; it does so itself before it opens.
    void fill();

Q_SIGNALS:
    void copied(const QString& what);

private:
    void addRefused(const QString& name, const client::Error& error);

    Provider m_provider;
    client::CopyTarget m_target;
};

} // namespace norikv::widgets
