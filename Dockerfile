# HeroTill's web server, worker and beat; docker-compose.yml says which is which.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=herotill.settings \
    STATIC_ROOT=/srv/static \
    MEDIA_ROOT=/srv/media

RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin herotill \
    && install --directory --owner=herotill --group=herotill /srv/media /srv/beat

WORKDIR /app
COPY requirements-run.lock ./
RUN pip install --no-cache-dir --require-hashes --requirement requirements-run.lock
COPY . ./

# Nothing is connected to here: the addresses only have to be there.
RUN DATABASE_URL=postgres://nobody@nowhere/none REDIS_URL=redis://nowhere SECRET_KEY=none FIELD_ENCRYPTION_KEYS=none \
    python manage.py collectstatic --no-input

USER herotill
VOLUME ["/srv/media"]
EXPOSE 8000
CMD ["gunicorn", "--bind", "0.0.0.0:8000"]
