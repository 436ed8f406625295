# The front-end files are fetched where Node.js is recent; the build finds them fetched and needs none.
FROM node:22-slim AS front-end
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src
COPY . .
COPY --from=front-end /src/node_modules/htmx.org/dist/htmx.min.js wwwroot/lib/
RUN touch wwwroot/lib/.fetched
RUN dotnet publish WebChat -c Release -o /app && mkdir /data

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
COPY --from=build --chown=$APP_UID /data /data
USER $APP_UID
ENV WebChat__Data=/data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["/bin/bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /readyz HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && head -n1 <&3 | grep -q 200"]
ENTRYPOINT ["dotnet", "WebChat.dll"]
