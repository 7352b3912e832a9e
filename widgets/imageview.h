// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/dispatcher.h"

#include "client/decode/decode.h"

#include <QImage>
#include <QWidget>

#include <memory>

namespace norikv::widgets {

class Theme;

/// A picture stored as a value: PNG, JPEG, GIF (its first frame) or BMP, read on a worker by exactly that
/// reader, with a bound on memory. Never an SVG, never a file.
class ImageView : public QWidget {
    Q_OBJECT

public:
    ImageView(models::Dispatcher& dispatcher, const Theme& theme, QWidget* parent = nullptr);

    void setImage(const std::shared_ptr<const client::Decoded>& value);
    const QImage& image() const { return m_image; }
    QString remark() const { return m_remark; } ///< size, or why there is no picture

Q_SIGNALS:
    void ready();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    struct Read {
        QImage image;
        QSize size;
        QString error;
    };
    static Read readImage(const client::Decoded& value);

    models::Dispatcher& m_dispatcher;
    const Theme& m_theme;
    std::shared_ptr<const client::Decoded> m_value;
    QImage m_image;
    QString m_remark;
    models::Job m_job;
};

} // namespace norikv::widgets
