# Accord in a container: every process of it, from wheels whose hashes are known.
# It holds no key, no password and no data: those are mounted (docker-compose.yml).

FROM python:3.11.14-slim-bookworm

WORKDIR /accord
COPY requirements/runtime.txt requirements/
RUN pip install --no-cache-dir --no-compile --require-hashes --only-binary :all: -r requirements/runtime.txt \
    && useradd --uid 1000 --create-home accord \
    && install -d -m 1777 /data
COPY schemas schemas
COPY policy policy
COPY workflows workflows
COPY store store
COPY papers papers
COPY activities activities
COPY commands commands
COPY api api
COPY pages pages
COPY cli cli

USER accord
ENV PYTHONPATH=/accord PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 ACCORD_DATA_DIR=/data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=6s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/api/v1/health/live', timeout=5)"]
ENTRYPOINT ["python", "-P", "-m", "cli.main"]
CMD ["serve"]
