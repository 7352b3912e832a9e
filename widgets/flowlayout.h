// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLayout>

#include <memory>
#include <vector>

namespace norikv::widgets {

/// Lays items out in lines like words, each line's items centred on a common middle; wraps when narrow.
class FlowLayout : public QLayout {
    Q_OBJECT

public:
    /// spacing in logical pixels between items and between lines.
    explicit FlowLayout(int spacing = 8, int lineSpacing = 4, QWidget* parent = nullptr);
    ~FlowLayout() override;

    void addItem(QLayoutItem* item) override; ///< takes ownership
    int count() const override;
    QLayoutItem* itemAt(int index) const override;
    QLayoutItem* takeAt(int index) override;
    Qt::Orientations expandingDirections() const override { return {}; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    void setGeometry(const QRect& rect) override;
    QSize sizeHint() const override;
    QSize minimumSize() const override;

private:
    int arrange(const QRect& rect, bool apply) const;

    std::vector<std::unique_ptr<QLayoutItem>> m_items;
    int m_lineSpacing;
};

} // namespace norikv::widgets
