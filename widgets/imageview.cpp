// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/imageview.h"

#include "widgets/theme.h"

#include <QBuffer>
#include <QImageReader>
#include <QPainter>

namespace norikv::widgets {

namespace {
constexpr qint64 MostPixels = 40'000'000; // a few bytes can claim to be a picture of gigabytes
constexpr int MostSide = 2048; ///< larger ones are read at a fraction of their size
constexpr int Checker = 8;
} // namespace

ImageView::ImageView(models::Dispatcher& dispatcher, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_dispatcher(dispatcher)
    , m_theme(theme)
{
    setObjectName(QStringLiteral("imageView"));
    setAccessibleName(tr("Picture"));
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

ImageView::Read ImageView::readImage(const client::Decoded& value)
{
    Read out;
    const QByteArray bytes
        = QByteArray::fromRawData(value.bytes.data(), static_cast<qsizetype>(value.bytes.size()));
    QBuffer buffer;
    buffer.setData(bytes);
    buffer.open(QIODevice::ReadOnly);
    QImageReader reader(&buffer, QByteArray::fromStdString(value.imageType));
    reader.setAutoDetectImageFormat(false);
    out.size = reader.size();
    if (value.imageType.empty()) {
        out.error = tr("Not a picture that can be shown: PNG, JPEG, GIF or BMP.");
    } else if (!out.size.isValid() || out.size.isEmpty()) {
        out.error = tr("The picture is damaged.");
    } else if (qint64(out.size.width()) * out.size.height() > MostPixels) {
        out.error = tr("A picture of %1 × %2 is not opened.").arg(out.size.width()).arg(out.size.height());
    } else {
        if (std::max(out.size.width(), out.size.height()) > MostSide)
            reader.setScaledSize(out.size.scaled(MostSide, MostSide, Qt::KeepAspectRatio));
        out.image = reader.read();
        if (out.image.isNull())
            out.error = tr("The picture is damaged.");
    }
    return out;
}

void ImageView::setImage(const std::shared_ptr<const client::Decoded>& value)
{
    if (value == m_value)
        return;
    m_value = value;
    m_image = {};
    m_remark.clear();
    update();
    if (!value)
        return;
    m_job = m_dispatcher.run(
        this, [value](const std::stop_token&) { return readImage(*value); },
        [this](Read read) {
            m_image = std::move(read.image);
            m_remark = read.error.isEmpty()
                ? tr("%1 × %2 pixels").arg(read.size.width()).arg(read.size.height())
                : read.error;
            setAccessibleDescription(m_remark);
            update();
            Q_EMIT ready();
        });
}

void ImageView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.tokens().field);
    if (m_image.isNull())
        return;
    const QSize room = size() - QSize(16, 16);
    QSize shown = m_image.size();
    if (shown.width() > room.width() || shown.height() > room.height())
        shown.scale(room, Qt::KeepAspectRatio);
    const QRect target(QPoint((width() - shown.width()) / 2, (height() - shown.height()) / 2), shown);
    painter.save();
    painter.setClipRect(target);
    for (int y = target.top(); y <= target.bottom(); y += Checker) { // what is transparent shows as squares
        for (int x = target.left(); x <= target.right(); x += Checker) {
            const bool odd = ((x - target.left()) / Checker + (y - target.top()) / Checker) % 2 != 0;
            painter.fillRect(x, y, Checker, Checker, odd ? m_theme.tokens().hover : m_theme.tokens().surface);
        }
    }
    painter.restore();
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawImage(target, m_image);
    painter.setPen(m_theme.tokens().border);
    painter.drawRect(target.adjusted(-1, -1, 0, 0));
}

} // namespace norikv::widgets
