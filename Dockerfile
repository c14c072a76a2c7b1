# The bot alone, as a user without rights. Settings come from the environment; the database lives in /data.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app

COPY requirements.txt ./
RUN pip install --require-hashes -r requirements.txt

COPY bot ./bot
COPY handlers ./handlers
COPY storage ./storage
RUN python -m compileall -q bot handlers storage \
    && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin desk \
    && install -d -o desk -g desk -m 0700 /data

USER desk
ENV DATABASE_URL=sqlite:////data/whatsapp-desk.db
VOLUME /data
STOPSIGNAL SIGTERM
CMD ["python", "-m", "bot"]
