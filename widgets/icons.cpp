// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/icons.h"

#include "widgets/resources.h"

#include <QDir>
#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

using namespace Qt::Literals::StringLiterals;

namespace norikv::widgets {

namespace {

struct IconColors {
    QColor normal;
    QColor active;
    QColor disabled;

    QColor of(QIcon::Mode mode, QIcon::State state) const
    {
        if (mode == QIcon::Disabled)
            return disabled;
        return mode == QIcon::Active || mode == QIcon::Selected || state == QIcon::On ? active : normal;
    }
};

/// Renders on demand, so that each screen scale gets its own crisp pixmap.
class SvgIconEngine : public QIconEngine {
public:
    SvgIconEngine(QString id, const IconColors& colors)
        : m_id(std::move(id))
        , m_colors(colors)
    {
    }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override
    {
        const int side = qMin(rect.width(), rect.height());
        QRect square(0, 0, side, side);
        square.moveCenter(rect.center());
        painter->drawPixmap(
            square, iconPixmap(m_id, m_colors.of(mode, state), side, painter->device()->devicePixelRatioF()));
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        return scaledPixmap(size, mode, state, 1.0);
    }

    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal scale) override
    {
        // Qt passes device pixels here and sets the ratio itself.
        Q_UNUSED(scale);
        return iconPixmap(m_id, m_colors.of(mode, state), qMin(size.width(), size.height()), 1.0);
    }

    QIconEngine* clone() const override { return new SvgIconEngine(*this); }

private:
    QString m_id;
    IconColors m_colors;
};

QByteArray source(const QString& id)
{
    initResources();
    QFile file(u":/norikv/icons/"_s + id + u".svg"_s);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

QIcon icon(const QString& id, const Theme& theme)
{
    const Tokens& t = theme.tokens();
    return QIcon(new SvgIconEngine(id, {t.muted, t.text, t.disabledText}));
}

QIcon icon(const QString& id, const QColor& color)
{
    QColor faded = color;
    faded.setAlphaF(0.45F);
    return QIcon(new SvgIconEngine(id, {color, color, faded}));
}

QPixmap iconPixmap(const QString& id, const QColor& color, int size, qreal dpr)
{
    const QString key = u"norikv-icon:%1:%2:%3:%4"_s.arg(id, color.name(QColor::HexArgb)).arg(size).arg(dpr);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    QByteArray svg = source(id);
    if (svg.isEmpty() || size <= 0)
        return {};
    svg.replace("currentColor", color.name(QColor::HexRgb).toLatin1());
    QSvgRenderer renderer(svg);
    pixmap = QPixmap(qRound(size * dpr), qRound(size * dpr));
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setOpacity(double(color.alphaF()));
    renderer.render(&painter, QRectF(0, 0, pixmap.width(), pixmap.height()));
    painter.end();
    pixmap.setDevicePixelRatio(dpr);
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

QStringList iconIds()
{
    initResources();
    QStringList ids = QDir(u":/norikv/icons"_s).entryList({u"*.svg"_s}, QDir::Files, QDir::Name);
    for (QString& id : ids)
        id.chop(4);
    return ids;
}

QIcon applicationIcon() { return QIcon(new SvgIconEngine(u"norikv-workbench"_s, {})); }

} // namespace norikv::widgets
