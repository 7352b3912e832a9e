// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/clusterstate.h"
#include "widgets/tokens.h"

#include <QFrame>

namespace norikv::widgets {

class Badge;
class ElidedLabel;
class Theme;

/// What a card shows of one node.
struct NodeFigures {
    QString name;
    QString address; ///< the seed, as the person wrote it
    client::Link link = client::Link::Connecting;
    QString problem; ///< why it is not up
    int colour = 0; ///< of the shard map
    std::size_t led = 0;
    std::size_t total = 0; ///< shards of the deployment
    double fair = 0; ///< leaders if all nodes led the same number; 0 = not known
    QString remark; ///< health and traffic, or why they are not known
    Tone remarkTone = Tone::Muted;
    bool operator==(const NodeFigures&) const = default;
};

/// Word and tone of a link.
QString linkText(client::Link link);
Tone linkTone(client::Link link);

/// One node: how it is reached, its share of the leaders as a bar with a mark at the fair one, and what it
/// says of itself. A click or Enter chooses it.
class NodeCard : public QFrame {
    Q_OBJECT

public:
    /// theme must outlive the card.
    explicit NodeCard(const Theme& theme, QWidget* parent = nullptr);

    void setFigures(const NodeFigures& figures);
    const NodeFigures& figures() const { return m_figures; }
    void setChosen(bool chosen);

    QSize sizeHint() const override;

Q_SIGNALS:
    void chosen();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QRect bar() const;

    const Theme& m_theme;
    NodeFigures m_figures;
    bool m_chosen = false;
    ElidedLabel* m_name;
    Badge* m_state;
    ElidedLabel* m_share;
    ElidedLabel* m_remark;
    QWidget* m_bar; ///< keeps the place that is painted
};

} // namespace norikv::widgets
