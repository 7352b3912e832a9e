// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/bytes.h"

#include <QString>
#include <QStringList>

#include <span>

class QWidget;

namespace norikv::widgets {
class Page;
class Theme;
} // namespace norikv::widgets

namespace norikv::app {

class Workspace;

/// A page and what stands beside it in the inspector dock.
struct PageWidgets {
    widgets::Page* page = nullptr;
    QWidget* inspector = nullptr; ///< may be null
    QString inspectorTitle;
};

/// One row a panel. A new panel is a new row here.
struct PageSpec {
    QString id;
    QString icon;
    QString name; ///< translated
    PageWidgets (*make)(Workspace&, const widgets::Theme&) = nullptr; ///< null = planned: shown, not enabled
    /// Makes the panel's feed show what this stored key, or subject of a finding, belongs to.
    void (*select)(Workspace&, const client::Bytes& subject) = nullptr;
};

std::span<const PageSpec> pages();
/// The panel that shows what a finding of this rule is about; empty for an unknown one.
QString panelOfRule(const std::string& rule);
const PageSpec* findPage(const QString& id);
QStringList pageIds();

} // namespace norikv::app
