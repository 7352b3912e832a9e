// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/shardfeed.h"

#include <QStackedWidget>

namespace norikv::widgets {

class NodeInspector;
class ShardInspector;
class Theme;

/// Beside the overview: the shard or the node that was chosen there.
class ClusterInspector : public QStackedWidget {
    Q_OBJECT

public:
    /// feed and theme must outlive the widget.
    ClusterInspector(models::ShardFeed& feed, const Theme& theme, QWidget* parent = nullptr);

    void setReadOnly(bool readOnly);

Q_SIGNALS:
    void keyActivated(const QByteArray& key);

private:
    void choose();

    models::ShardFeed& m_feed;
    QWidget* m_nothing;
    ShardInspector* m_shard;
    NodeInspector* m_node;
};

} // namespace norikv::widgets
