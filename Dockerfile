# The front-end files are fetched where Node.js is recent; the build finds them fetched and needs none.
FROM node:22-slim AS front-end
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src
COPY . .
COPY --from=front-end /src/node_modules/htmx.org/dist/htmx.min.js wwwroot/lib/
COPY --from=front-end /src/node_modules/emoji-picker-element/database.js wwwroot/lib/emoji-database.js
COPY --from=front-end /src/node_modules/emoji-picker-element-data/en/cldr-native/data.json wwwroot/lib/emoji-en.json
COPY --from=front-end /src/node_modules/emoji-picker-element-data/zh/cldr-native/data.json wwwroot/lib/emoji-zh.json
RUN touch wwwroot/lib/.fetched
RUN dotnet publish WebChat -c Release -o /app && mkdir /data

# Without shell or package manager; "extra" has the languages and time zones that pages are written in.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra
WORKDIR /app
COPY --from=build /app .
COPY --from=build --chown=$APP_UID /data /data
USER $APP_UID
ENV WebChat__Data=/data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["dotnet", "WebChat.dll", "health"]
ENTRYPOINT ["dotnet", "WebChat.dll"]
